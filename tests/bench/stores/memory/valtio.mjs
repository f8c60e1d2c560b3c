// Valtio: a proxy of items of which the edited one is replaced, and a proxy of the tree with an index. Told at once, which is
// not its default (a microtask later), so that it can be compared.
import { proxy, subscribe } from 'valtio/vanilla';
import { nodesById } from '../../lib/workload.mjs';

export default {
  open() {
    const state = proxy({ files: {} });
    return {
      load: (items) => { state.files = Object.fromEntries(items.map((item) => [item.id, item])); },
      insert: (item) => { state.files[item.id] = item; },
      change: (id, changes) => { state.files[id] = { ...state.files[id], ...changes }; },
      get: (id) => state.files[id],
      size: () => Object.keys(state.files).length,
      subscribe: (listener) => subscribe(state, () => listener(), true),
    };
  },
  openTree(plain) {
    const root = proxy(plain);
    const nodes = nodesById(root);
    return {
      change: (id, changed) => { Object.assign(nodes.get(id).props, changed); },
      root: () => root,
      subscribe: (listener) => subscribe(root, () => listener(), true),
    };
  },
};
