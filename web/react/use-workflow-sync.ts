// useDebouncedWorkflowSync(), usePeriodicWorkflowSync() and useSyncOnUnload(): the core's workflows go to the
// server while a component is mounted. All three share one WorkflowSync, so requests never overlap.
import { useEffect } from 'react';
import { workflowSyncOf } from 'codeforge-core/workflow-sync';
import { useCore } from './context.js';

/**
 * Sends a workflow 2 s after its last edit, and at the start what the server has not acknowledged yet.
 *
 * @example
 * useDebouncedWorkflowSync();
 */
export function useDebouncedWorkflowSync(): void {
  const core = useCore();
  useEffect(() => workflowSyncOf(core).watch(), [core]);
}

/**
 * Sends every `intervalMs` what is not acknowledged.
 *
 * @example
 * usePeriodicWorkflowSync(60_000);
 */
export function usePeriodicWorkflowSync(intervalMs = 30_000): void {
  const core = useCore();
  useEffect(() => workflowSyncOf(core).every(intervalMs), [core, intervalMs]);
}

/**
 * Sends when the page is hidden or left what is not acknowledged, in requests that outlive the page: 60 KiB together.
 *
 * @example
 * useSyncOnUnload();
 */
export function useSyncOnUnload(): void {
  const core = useCore();
  useEffect(() => workflowSyncOf(core).onLeave(), [core]);
}
