// Metrics of the application's store.
export { getSyncMetrics, resetSyncMetrics, subscribeSyncMetrics } from '../middleware.js';
