// Persistence, metrics and auto-sync of the application's store, as functions.
import { persistenceOf } from 'codeforge-core/persistence';
import { store } from '../store.js';

export type { AutoSyncStatus, MetricsView as SyncMetrics, PersistenceConfig } from 'codeforge-core/persistence';
export const {
  flushPersistence, configurePersistence, enablePersistence, disablePersistence,
  getSyncMetrics, subscribeSyncMetrics, resetSyncMetrics,
  configureAutoSync, getAutoSyncStatus, triggerAutoSync,
} = persistenceOf(store);
export { syncToFlask, fetchFromFlask, syncAllToFlask, fetchAllFromFlask, getFlaskStats, clearFlaskStorage } from './middleware/flaskSync.js';
