// The limit: a Map of items that are changed in place, an index of nodes, and a list of listeners. No history, no old states.
import { nodesById } from '../../lib/workload.mjs';

const listeners = () => {
  const list = [];
  return { subscribe: (listener) => list.push(listener), tell: () => { for (const listener of list) listener(); } };
};

export default {
  open() {
    const items = new Map();
    const { subscribe, tell } = listeners();
    const insert = (item) => { items.set(item.id, item); };
    return {
      load(list) { list.forEach(insert); tell(); },
      insert(item) { insert(item); tell(); },
      change(id, changes) { Object.assign(items.get(id), changes); tell(); },
      get: (id) => items.get(id),
      size: () => items.size,
      subscribe,
    };
  },
  openTree(root) {
    const nodes = nodesById(root);
    const { subscribe, tell } = listeners();
    return {
      change(id, changed) { Object.assign(nodes.get(id).props, changed); tell(); },
      root: () => root,
      subscribe,
    };
  },
};
