// Actions and thunks of the slice `workflows`, under the names of the original.
import { workflows } from 'codeforge-core';

export type { Workflow, WorkflowEdge, WorkflowNode, WorkflowsState } from 'codeforge-core';
export const {
  setActiveWorkflow, clearActiveWorkflow, addWorkflow, updateWorkflow, setWorkflows, loadWorkflows, saveWorkflow, deleteWorkflow, addItem, addItems, updateItem, removeItem, setItems,
} = workflows;
