// Actions and thunks of the slice `sync`, under the names of the original.
import { sync } from 'codeforge-core';

export type { FlaskStats, SyncState } from 'codeforge-core';

/**
 * Actions and thunks of the exchange with the server, to dispatch. The promise of a thunk never rejects, its
 * `unwrap()` does, with CoreError `offline`, `timeout`, `server`, `rejected` or `no-server`.
 *
 * @example
 * store.sync.configure({ flaskApiUrl: 'http://localhost:5001' });
 * await store.dispatch(syncToFlaskBulk()).unwrap(); // pushes what waits; the time, Unix time in milliseconds
 * await store.dispatch(syncFromFlaskBulk()).unwrap(); // pulls; edits that are not pushed are kept
 * (await store.dispatch(checkFlaskConnection()).unwrap()).totalKeys; // 2
 * store.getState().sync.status; // 'success'
 * store.dispatch(resetSyncStatus()); // `idle`, and no error
 * store.dispatch(setFlaskConnected(false)); // what is shown until the next exchange
 * await store.dispatch(clearFlask()).unwrap(); // empties the server
 */
export const { resetSyncStatus, setFlaskConnected, syncToFlaskBulk, syncFromFlaskBulk, clearFlask, checkConnection: checkFlaskConnection } = sync;
