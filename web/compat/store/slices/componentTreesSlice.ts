// Actions and thunks of the slice `componentTrees`, under the names of the original.
import { componentTrees } from 'codeforge-core';

export type { ComponentTree, ComponentTreeNode, ComponentTreesState, DataBinding } from 'codeforge-core';
export const {
  setActiveTree, clearActiveTree, addTree, updateTree, updateTreeNode, setTrees, setComponentTrees, saveComponentTree, deleteComponentTree,
  loadTrees, saveTree, deleteTree, syncFromFlask, addItem, addItems, updateItem, removeItem, setItems,
} = componentTrees;
