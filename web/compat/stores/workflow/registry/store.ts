// Which workflows there are, and which one is active.
import { workflows as actions, type Workflow } from 'codeforge-core';
import { useCoreSelector } from 'codeforge-core/react';
import { store } from '../../../store.js';

export interface WorkflowRegistry {
  workflows: readonly Workflow[];
  activeWorkflowId: string | null;
  /** Its workflow is the one that useWorkflowStore() shows. */
  setActiveWorkflow(id: string): void;
}

const setActiveWorkflow = (id: string): void => void store.dispatch(actions.setActiveWorkflow(id));

/**
 * The registry, or what `selector` takes of it.
 *
 * @example
 * const { workflows, activeWorkflowId, setActiveWorkflow } = useWorkflowRegistry();
 * return workflows.map(({ id, name }) => <button key={id} disabled={id === activeWorkflowId} onClick={() => setActiveWorkflow(id)}>{name}</button>);
 */
export function useWorkflowRegistry(): WorkflowRegistry;
export function useWorkflowRegistry<Selected>(selector: (registry: WorkflowRegistry) => Selected): Selected;
export function useWorkflowRegistry<Selected>(selector?: (registry: WorkflowRegistry) => Selected): Selected | WorkflowRegistry {
  const { workflows, activeWorkflowId } = useCoreSelector((state) => state.workflows);
  const registry = { workflows, activeWorkflowId, setActiveWorkflow };
  return selector === undefined ? registry : selector(registry);
}
