// MobX: a map of items by reference of which the edited one is replaced; the tree is observable in depth, with a reaction for each node.
import { observable, observe, reaction, runInAction } from 'mobx';
import { nodesById } from '../../lib/workload.mjs';

export default {
  open() {
    const items = observable.map({}, { deep: false });
    return {
      load: (list) => runInAction(() => items.replace(list.map((item) => [item.id, item]))),
      insert: (item) => runInAction(() => items.set(item.id, item)),
      change: (id, changes) => runInAction(() => items.set(id, { ...items.get(id), ...changes })),
      get: (id) => items.get(id),
      size: () => items.size,
      subscribe: (listener) => observe(items, () => listener()),
    };
  },
  openTree(plain) {
    const root = observable(plain);
    const nodes = nodesById(root);
    const listeners = [];
    // As a component for each node would.
    for (const node of nodes.values()) reaction(() => Object.values(node.props), () => listeners.forEach((listener) => listener()));
    return {
      change: (id, changed) => runInAction(() => Object.assign(nodes.get(id).props, changed)),
      root: () => root,
      subscribe: (listener) => listeners.push(listener),
    };
  },
};
