// Auto-sync of the application's store.
export { configureAutoSync, getAutoSyncStatus, triggerAutoSync } from '../middleware.js';
