// The active workflow as blocks, edges and loops.
import { useCoreSelector } from 'codeforge-core/react';
import { workflowState, type WorkflowState } from 'codeforge-core/workflow-sync';
import type { RootState } from 'codeforge-core';
import '../../store.js';

export type { WorkflowState } from 'codeforge-core/workflow-sync';

const none: WorkflowState = Object.freeze({ blocks: Object.freeze({}), edges: Object.freeze([]), loops: Object.freeze({}), lastSaved: 0 });

function active({ workflows: { workflows, activeWorkflowId } }: RootState): WorkflowState {
  const workflow = activeWorkflowId === null ? undefined : workflows.find(({ id }) => id === activeWorkflowId);
  return workflow === undefined ? none : workflowState(workflow);
}

/** Selectors may make new objects: the same members are the same selection. */
function isSame(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  const names = Object.keys(left);
  return names.length === Object.keys(right).length
    && names.every((name) => Object.is((left as Record<string, unknown>)[name], (right as Record<string, unknown>)[name]));
}

/**
 * What `selector` answers of the active workflow; renders again only when that changes.
 *
 * @example
 * const edges = useWorkflowStore((workflow) => workflow.edges);
 * return <p>{edges.length} edges</p>;
 */
export const useWorkflowStore = <Selected = WorkflowState>(selector: (state: WorkflowState) => Selected = (state) => state as Selected): Selected =>
  useCoreSelector((state) => selector(active(state)), isSame);
