// Redux Toolkit: createEntityAdapter with the middleware of a production build; a tree is searched inside the draft.
import { configureStore, createEntityAdapter, createSlice } from '@reduxjs/toolkit';

const entities = createEntityAdapter();
const files = createSlice({
  name: 'files',
  initialState: entities.getInitialState(),
  reducers: { loaded: entities.setAll, inserted: entities.addOne, changed: entities.updateOne },
});

const nodeIn = (node, id) => {
  if (node.id === id) return node;
  for (const child of node.children) {
    const found = nodeIn(child, id);
    if (found !== undefined) return found;
  }
  return undefined;
};
const tree = createSlice({
  name: 'tree',
  initialState: { root: null },
  reducers: {
    opened(state, { payload }) { state.root = payload; },
    changed(state, { payload }) { Object.assign(nodeIn(state.root, payload.id).props, payload.props); },
  },
});

export default {
  isImmutable: true,
  open() {
    const store = configureStore({ reducer: { files: files.reducer } });
    const { loaded, inserted, changed } = files.actions;
    return {
      load: (items) => { store.dispatch(loaded(items)); },
      insert: (item) => { store.dispatch(inserted(item)); },
      change: (id, changes) => { store.dispatch(changed({ id, changes })); },
      get: (id) => store.getState().files.entities[id],
      size: () => store.getState().files.ids.length,
      subscribe: store.subscribe,
    };
  },
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
