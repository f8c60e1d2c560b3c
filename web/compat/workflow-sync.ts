// The workflow sync of the application's store: to the server that the store uses.
import { workflowSyncOf } from 'codeforge-core/workflow-sync';
import { defaultStore, store } from './store.js';

export type { WorkflowState, WorkflowSyncOptions, WorkflowSyncStatus } from 'codeforge-core/workflow-sync';
/**
 * The workflow sync of the application's store; see WorkflowSync.
 *
 * @example
 * workflowSync.configure({ userId: 'ada' });
 * workflowSync.pending().length; // 0
 */
export const workflowSync = workflowSyncOf(store);

workflowSync.configure({ url: () => defaultStore.flaskUrl() });
