// Persistence of the application's store.
export { configurePersistence, disablePersistence, enablePersistence, flushPersistence } from '../middleware.js';
