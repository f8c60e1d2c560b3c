// Actions and thunks of the slice `conflicts`, under the names of the original.
import { conflicts } from 'codeforge-core';

export type { ConflictItem, ConflictsState } from 'codeforge-core';

/**
 * Actions and thunks of the conflicts, to dispatch. The promise of a thunk never rejects, its
 * `unwrap()` does, with CoreError `offline`, `timeout`, `server`, `rejected` or `no-server`.
 *
 * @example
 * store.sync.configure({ flaskApiUrl: 'http://localhost:5001' });
 * store.dispatch(setAutoResolveStrategy('merge')); // every conflict that is found is resolved so, from now on; null: none is
 * for (const conflict of await store.dispatch(detectConflicts()).unwrap()) // a pull that compares
 *   await store.dispatch(resolveConflict({ conflictId: conflict.id, strategy: 'local' })).unwrap(); // pushed with the next push
 * await store.dispatch(resolveAllConflicts('remote')).unwrap();
 * store.dispatch(removeConflict('files:a')); // from the list, undecided
 * store.dispatch(clearConflicts());
 * store.getState().conflicts.conflicts.length; // 0
 */
export const {
  detectConflicts, resolveConflict, resolveAllConflicts, clearConflicts, setAutoResolveStrategy, removeConflict,
} = conflicts;
