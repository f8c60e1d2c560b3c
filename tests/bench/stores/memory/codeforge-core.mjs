// This project, as its README shows it: actions go in, `read` gives one item, and subscribers are told.
import { createCore, files } from '../../lib/product.mjs';

let stores = 0;

/** A core on which a page has already shown the (empty) slice, so that it is kept in JavaScript from the start. */
export async function openCore(slice) {
  const core = await createCore({ name: `bench-${++stores}`, storage: 'memory' });
  core.getState()[slice];
  return core;
}

export const itemsOf = (core, get) => ({
  load: (items) => { core.dispatch(files.setItems(items)); },
  insert: (item) => { core.dispatch(files.addItem(item)); },
  change: (id, changes) => { core.dispatch(files.updateItem({ id, ...changes })); },
  get,
  size: () => core.getState().files.files.length,
  subscribe: core.subscribe,
  close: () => core.close(),
});

const treeId = 'tree';

export default {
  isImmutable: true,
  async open() {
    const core = await openCore('files');
    return itemsOf(core, (id) => core.read('files', id));
  },
  async openTree(root) {
    const core = await openCore('componentTrees');
    core.dispatch({ type: 'componentTrees/addTree', payload: { id: treeId, name: 'Tree', root, updatedAt: 1 } });
    return {
      change: (nodeId, _, whole) => { core.dispatch({ type: 'componentTrees/updateTreeNode', payload: { treeId, nodeId, updates: { props: whole } } }); },
      root: () => core.read('componentTrees', treeId).root,
      subscribe: core.subscribe,
      close: () => core.close(),
    };
  },
};
