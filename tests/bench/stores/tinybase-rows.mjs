// Items and trees as rows of TinyBase, for its plain and its mergeable store.

/** Rows by id, as setTable takes them. */
export const byId = (items) => Object.fromEntries(items.map((item) => [item.id, item]));

export const rowItems = (store) => ({
  load: (items) => { store.setTable('files', byId(items)); },
  insert: (item) => { store.setRow('files', item.id, item); },
  change: (id, changes) => { store.setPartialRow('files', id, changes); },
  get: (id) => (store.hasRow('files', id) ? store.getRow('files', id) : undefined),
  size: () => store.getRowCount('files'),
  subscribe: (listener) => store.addRowListener('files', null, () => listener()),
});

function rowsOf(node, parent = '', place = 0, rows = {}) {
  rows[node.id] = { type: node.type, parent, place, ...node.props };
  node.children.forEach((child, index) => rowsOf(child, node.id, index, rows));
  return rows;
}

function treeOf(rows, rootId) {
  const nodes = {};
  for (const [id, { type, parent, place, ...props }] of Object.entries(rows)) nodes[id] = { id, type, props, children: [] };
  for (const [id, { parent, place }] of Object.entries(rows)) if (parent !== '') nodes[parent].children[place] = nodes[id];
  return nodes[rootId];
}

export function rowTree(store, root) {
  store.setTable('nodes', rowsOf(root));
  return {
    change: (id, changed) => { store.setPartialRow('nodes', id, changed); },
    root: () => treeOf(store.getTable('nodes'), root.id),
    subscribe: (listener) => store.addRowListener('nodes', null, () => listener()),
  };
}
