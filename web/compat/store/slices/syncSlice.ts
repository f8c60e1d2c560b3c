// Actions and thunks of the slice `sync`, under the names of the original.
import { sync } from 'codeforge-core';

export type { FlaskStats, SyncState } from 'codeforge-core';
export const { resetSyncStatus, setFlaskConnected, syncToFlaskBulk, syncFromFlaskBulk, clearFlask } = sync;
export const { checkConnection: checkFlaskConnection } = sync;
