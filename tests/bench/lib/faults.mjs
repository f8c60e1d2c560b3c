// Stores that are broken on purpose. Every check of the benchmark is tried on them: a fault that passes would mean that a
// store could be fast by not doing its work.

/** An adapter whose stores are changed by `spoil(store)`, which answers the calls to replace. */
const spoiled = (spoil) => (adapter) => ({
  ...adapter,
  async open() {
    const store = await adapter.open();
    return { ...store, ...spoil(store) };
  },
});

const spoiledTree = (spoil) => (adapter) => ({
  ...adapter,
  async openTree(root) {
    const tree = await adapter.openTree(root);
    return { ...tree, ...spoil(tree) };
  },
});

/** Skips every `nth` call. */
function leavingOut(nth, call) {
  let calls = 0;
  return (...given) => (++calls % nth === 0 ? undefined : call(...given));
}

const copyOf = (tree) => structuredClone(tree);

/** Faults of lists of items in memory, by what is wrong. */
export const kItemFaults = {
  'subscribers are not told': spoiled(() => ({ subscribe: () => {} })),
  'one edit in 50 is not made': spoiled((store) => ({ change: leavingOut(50, store.change) })),
  'one insert is lost': spoiled((store) => ({ insert: leavingOut(7, store.insert) })),
  'a load leaves out its last item': spoiled((store) => ({ load: (items) => store.load(items.length > 1 ? items.slice(0, -1) : items) })),
  'a load swaps two contents': spoiled((store) => ({
    load: (items) => store.load(items.map((item, index) => (index < 2 ? { ...item, content: items[1 - index].content } : item))),
  })),
  'a read gives the item as it was first': spoiled((store) => {
    const first = new Map();
    return { get: (id) => { if (!first.has(id)) first.set(id, { ...store.get(id) }); return first.get(id); } };
  }),
  'an edit spoils another field': spoiled((store) => ({ change: (id, changes) => store.change(id, { ...changes, path: '/' }) })),
  'notices come before the edit': spoiled((store) => {
    const early = [];
    return {
      subscribe: (listener) => early.push(listener),
      change(id, changes) { early.forEach((listener) => listener()); store.change(id, changes); },
    };
  }),
};

/** Faults of trees. */
export const kTreeFaults = {
  'subscribers are not told': spoiledTree(() => ({ subscribe: () => {} })),
  'one edit in 50 is not made': spoiledTree((tree) => ({ change: leavingOut(50, tree.change) })),
  'an edit loses the other props': spoiledTree((tree) => ({ change: (id, changed) => tree.change(id, changed, changed) })),
  'a node loses its last child': spoiledTree((tree) => ({
    root() { const root = copyOf(tree.root()); root.children[0].children.pop(); return root; },
  })),
  'every node is a new object': spoiledTree((tree) => ({ root: () => copyOf(tree.root()) })),
};

/** Faults of what is on disk. */
export const kDurableFaults = {
  'nothing is stored': (adapter) => {
    const shown = new Map();
    return {
      ...adapter,
      async open() {
        const store = await adapter.open();
        const put = (id, changes) => shown.set(id, { ...shown.get(id), ...changes });
        shown.clear();
        return {
          ...store,
          saveAll: async (items) => items.forEach((item) => put(item.id, item)),
          change: async (id, changes) => put(id, changes),
          changeMany: async (list) => list.forEach(({ id, changes }) => put(id, changes)),
          get: (id) => shown.get(id) ?? store.get(id),
          size: () => Math.max(shown.size, store.size()),
        };
      },
    };
  },
  'the last change of each burst stays in memory': spoiled((store) => {
    const shown = new Map();
    return {
      changeMany(list) {
        const last = list.at(-1);
        const rest = list.filter(({ id }) => id !== last.id);
        shown.set(last.id, { ...store.get(last.id), ...last.changes });
        return store.changeMany(rest);
      },
      get: (id) => shown.get(id) ?? store.get(id),
    };
  }),
  'one single change is not made': spoiled((store) => ({ change: leavingOut(10, store.change) })),
  'the first save leaves out an item': spoiled((store) => ({ saveAll: (items) => store.saveAll(items.slice(1)) })),
  'a start forgets an item': spoiled((store) => {
    const found = store.size();
    return found > 0 ? { size: () => found - 1 } : {};
  }),
};
