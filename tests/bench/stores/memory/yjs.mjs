// Yjs: a Y.Map for each item and node, observed in depth, edited field by field; an index of the nodes. It keeps what merging needs.
import * as Y from 'yjs';

const setAll = (map, changes) => { for (const [name, value] of Object.entries(changes)) map.set(name, value); };

export default {
  open() {
    const doc = new Y.Doc();
    const files = doc.getMap('files');
    const insert = (item) => files.set(item.id, new Y.Map(Object.entries(item)));
    return {
      load: (items) => doc.transact(() => items.forEach(insert)),
      insert,
      change: (id, changes) => doc.transact(() => setAll(files.get(id), changes)),
      get: (id) => files.get(id)?.toJSON(),
      size: () => files.size,
      subscribe: (listener) => files.observeDeep(() => listener()),
    };
  },
  openTree(root) {
    const doc = new Y.Doc();
    const holder = doc.getMap('tree');
    const nodes = new Map();
    const shared = ({ id, type, props, children }) => {
      const node = new Y.Map(Object.entries({ id, type, props: new Y.Map(Object.entries(props)), children: Y.Array.from(children.map(shared)) }));
      nodes.set(id, node);
      return node;
    };
    holder.set('root', shared(root));
    return {
      change: (id, changed) => doc.transact(() => setAll(nodes.get(id).get('props'), changed)),
      root: () => holder.get('root').toJSON(),
      subscribe: (listener) => holder.observeDeep(() => listener()),
    };
  },
};
