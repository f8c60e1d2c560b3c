// Actions and thunks of the slice `componentTrees`, under the names of the original.
import { componentTrees } from 'codeforge-core';

export type { ComponentTree, ComponentTreeNode, ComponentTreesState, DataBinding } from 'codeforge-core';

/**
 * Actions and thunks of the component trees, to dispatch. They show at once. The promise of a thunk settles when the
 * device has it: it never rejects, its `unwrap()` does, with CoreError.
 *
 * @example
 * const tree = { id: 'p', name: 'Page', root: { id: 'root', type: 'div', children: [] }, updatedAt: 1 };
 * store.dispatch(addTree(tree)); // inserts, or replaces the one of that id
 * store.dispatch(updateTree({ ...tree, name: 'Home' })); // replaces the whole item, where there is one
 * store.dispatch(setActiveTree('p'));
 * store.getState().componentTrees.activeTreeId; // 'p'
 * store.dispatch(clearActiveTree());
 * store.dispatch(updateTreeNode({ treeId: 'p', nodeId: 'root', updates: { props: { className: 'wide' } } }));
 * store.read('componentTrees', 'p').root.props.className; // 'wide'
 * await store.dispatch(saveTree(tree)).unwrap(); // durable on the device
 * (await store.dispatch(loadTrees()).unwrap()).some(({ id }) => id === 'p'); // true
 * await store.dispatch(deleteTree('p')).unwrap();
 * store.dispatch(setTrees([tree])); // exactly these
 * store.getState().componentTrees.trees.length; // 1
 * // Other names of the original for three of them:
 * store.dispatch(saveComponentTree(tree));
 * store.dispatch(setComponentTrees([tree]));
 * store.dispatch(deleteComponentTree('p'));
 * store.sync.configure({ flaskApiUrl: 'http://localhost:5001' });
 * await store.dispatch(syncFromFlask('p')).unwrap(); // the item as the server has it, after a pull
 * store.dispatch(addItems([tree, { ...tree, id: 'z' }]));
 * store.dispatch(updateItem({ id: 'z', name: 'Second' })); // merges members
 * store.dispatch(removeItem('z'));
 * store.dispatch(setItems([]));
 * store.dispatch(addItem(tree));
 * store.read('componentTrees', 'p').id; // 'p'
 */
export const {
  setActiveTree, clearActiveTree, addTree, updateTree, updateTreeNode, setTrees, setComponentTrees, saveComponentTree, deleteComponentTree,
  loadTrees, saveTree, deleteTree, syncFromFlask, addItem, addItems, updateItem, removeItem, setItems,
} = componentTrees;
