// Redux Toolkit by an expert, for the tree: the path is searched in the plain state, and the draft is walked along it only.
import { configureStore, createSlice, original } from '@reduxjs/toolkit';

function pathTo(node, id, path = []) {
  if (node.id === id) return path;
  for (let index = 0; index < node.children.length; index++) {
    path.push(index);
    if (pathTo(node.children[index], id, path) !== undefined) return path;
    path.pop();
  }
  return undefined;
}

const tree = createSlice({
  name: 'tree',
  initialState: { root: null },
  reducers: {
    opened(state, { payload }) { state.root = payload; },
    changed(state, { payload }) {
      let node = state.root;
      for (const index of pathTo(original(state).root, payload.id)) node = node.children[index];
      Object.assign(node.props, payload.props);
    },
  },
});

export default {
  isImmutable: true,
  openTree(root) {
    const store = configureStore({ reducer: { tree: tree.reducer } });
    store.dispatch(tree.actions.opened(root));
    return {
      change: (id, props) => { store.dispatch(tree.actions.changed({ id, props })); },
      root: () => store.getState().tree.root,
      subscribe: store.subscribe,
    };
  },
};
