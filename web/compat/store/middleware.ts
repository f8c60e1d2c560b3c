// Persistence, metrics and auto-sync of the application's store, as functions.
import type { AutoSync } from 'codeforge-core';
import { persistenceOf } from 'codeforge-core/persistence';
import { store } from '../store.js';

export type { AutoSyncStatus, MetricsView as SyncMetrics, PersistenceConfig } from 'codeforge-core/persistence';
const all = persistenceOf(store);
// Written out, since its type has no entry of its own to be named by.
export const configureAutoSync: (settings: Partial<AutoSync>) => void = all.configureAutoSync;
export const {
  flushPersistence, configurePersistence, enablePersistence, disablePersistence,
  getSyncMetrics, subscribeSyncMetrics, resetSyncMetrics,
  getAutoSyncStatus, triggerAutoSync,
} = all;
export { syncToFlask, fetchFromFlask, syncAllToFlask, fetchAllFromFlask, getFlaskStats, clearFlaskStorage } from './middleware/flaskSync.js';
