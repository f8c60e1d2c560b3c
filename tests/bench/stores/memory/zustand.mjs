// Zustand as its documentation writes updates: spreads along the path to what changes.
import { createStore } from 'zustand/vanilla';

function edited(node, id, props) {
  if (node.id === id) return { ...node, props: { ...node.props, ...props } };
  for (let index = 0; index < node.children.length; index++) {
    const next = edited(node.children[index], id, props);
    if (next !== node.children[index]) return { ...node, children: node.children.with(index, next) };
  }
  return node;
}

export default {
  isImmutable: true,
  open() {
    const store = createStore(() => ({ files: {} }));
    const put = (item) => store.setState(({ files }) => ({ files: { ...files, [item.id]: item } }));
    return {
      load: (items) => store.setState({ files: Object.fromEntries(items.map((item) => [item.id, item])) }),
      insert: put,
      change: (id, changes) => put({ ...store.getState().files[id], ...changes }),
      get: (id) => store.getState().files[id],
      size: () => Object.keys(store.getState().files).length,
      subscribe: store.subscribe,
    };
  },
  openTree(root) {
    const store = createStore(() => ({ root }));
    return {
      change: (id, props) => store.setState((state) => ({ root: edited(state.root, id, props) })),
      root: () => store.getState().root,
      subscribe: store.subscribe,
    };
  },
};
