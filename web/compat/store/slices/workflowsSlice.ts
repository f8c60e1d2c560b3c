// Actions and thunks of the slice `workflows`, under the names of the original.
import { workflows } from 'codeforge-core';

export type { Workflow, WorkflowEdge, WorkflowNode, WorkflowsState } from 'codeforge-core';

/**
 * Actions and thunks of the workflows, to dispatch. They show at once. The promise of a thunk settles when the
 * device has it: it never rejects, its `unwrap()` does, with CoreError.
 *
 * @example
 * const workflow = { id: 'w', name: 'Flow', nodes: [], edges: [], updatedAt: 1 };
 * store.dispatch(addWorkflow(workflow)); // inserts, or replaces the one of that id
 * store.dispatch(updateWorkflow({ ...workflow, name: 'Order' })); // replaces the whole item, where there is one
 * store.dispatch(setActiveWorkflow('w'));
 * store.getState().workflows.activeWorkflowId; // 'w'
 * store.dispatch(clearActiveWorkflow());
 * await store.dispatch(saveWorkflow(workflow)).unwrap(); // durable on the device
 * (await store.dispatch(loadWorkflows()).unwrap()).some(({ id }) => id === 'w'); // true
 * await store.dispatch(deleteWorkflow('w')).unwrap();
 * store.dispatch(setWorkflows([workflow])); // exactly these
 * store.getState().workflows.workflows.length; // 1
 * store.dispatch(addItems([workflow, { ...workflow, id: 'z' }]));
 * store.dispatch(updateItem({ id: 'z', name: 'Second' })); // merges members
 * store.dispatch(removeItem('z'));
 * store.dispatch(setItems([]));
 * store.dispatch(addItem(workflow));
 * store.read('workflows', 'w').id; // 'w'
 */
export const {
  setActiveWorkflow, clearActiveWorkflow, addWorkflow, updateWorkflow, setWorkflows, loadWorkflows, saveWorkflow, deleteWorkflow, addItem, addItems, updateItem, removeItem, setItems,
} = workflows;
