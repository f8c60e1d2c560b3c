// Legend-State: one observable of everything; for the tree the program keeps an index of node to observable.
import { observable } from '@legendapp/state';

function observablesById(node$, node, found = new Map()) {
  found.set(node.id, node$);
  node.children.forEach((child, index) => observablesById(node$.children[index], child, found));
  return found;
}

export default {
  open() {
    const files$ = observable({});
    return {
      load: (items) => files$.set(Object.fromEntries(items.map((item) => [item.id, item]))),
      insert: (item) => files$[item.id].set(item),
      change: (id, changes) => files$[id].assign(changes),
      get: (id) => files$[id].peek(),
      size: () => Object.keys(files$.peek()).length,
      subscribe: (listener) => files$.onChange(() => listener()),
    };
  },
  openTree(root) {
    const root$ = observable(root);
    const nodes = observablesById(root$, root);
    return {
      change: (id, changed) => nodes.get(id).props.assign(changed),
      root: () => root$.peek(),
      subscribe: (listener) => root$.onChange(() => listener()),
    };
  },
};
