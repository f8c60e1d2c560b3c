// Persistence, metrics and auto-sync of the application's store, as functions.
import type { AutoSync } from 'codeforge-core';
import { persistenceOf } from 'codeforge-core/persistence';
import { store } from '../store.js';

export type { AutoSyncStatus, MetricsView as SyncMetrics, PersistenceConfig } from 'codeforge-core/persistence';
const all = persistenceOf(store);
// Written out, since its type has no entry of its own to be named by.
/**
 * How the store syncs by itself; see Persistence.configureAutoSync. Milliseconds; throws CoreError `malformed-payload`.
 *
 * @example
 * configureAutoSync({ enabled: true, intervalMs: 60_000, syncOnChange: true, maxQueueSize: 20 });
 * getAutoSyncStatus().enabled; // true
 */
export const configureAutoSync: (settings: Partial<AutoSync>) => void = all.configureAutoSync;
/**
 * The controls of the application's store; see Persistence for what each answers and rejects with.
 *
 * @example
 * setUp({ flaskApiUrl: 'http://localhost:5001' });
 * configurePersistence('files', { debounceMs: 500, batchSize: 20 });
 * disablePersistence('theme'); // its edits wait on the device
 * enablePersistence('theme');
 * const stop = subscribeSyncMetrics(({ totalOperations }) => console.log(totalOperations));
 * await flushPersistence(); // durable here and sent
 * await triggerAutoSync();
 * getAutoSyncStatus().changeCounter; // 0
 * resetSyncMetrics();
 * getSyncMetrics().totalOperations; // 0
 * stop();
 */
export const {
  flushPersistence, configurePersistence, enablePersistence, disablePersistence,
  getSyncMetrics, subscribeSyncMetrics, resetSyncMetrics,
  getAutoSyncStatus, triggerAutoSync,
} = all;
export { syncToFlask, fetchFromFlask, syncAllToFlask, fetchAllFromFlask, getFlaskStats, clearFlaskStorage } from './middleware/flaskSync.js';
