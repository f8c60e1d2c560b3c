// Values under keys, on the device or on the Flask API, as the deployment says.
import { storageOf } from 'codeforge-core/storage';
import { defaultStore, store } from '../store.js';

export type { KeyValueStorage, MigrationOptions, StorageBackend } from 'codeforge-core/storage';
/**
 * Values under keys; see KeyValueStorage.
 *
 * @example
 * await storage.set('theme', 'dark');
 * await storage.get('theme'); // 'dark'
 */
export const storage = storageOf(store, { usesFlask: () => defaultStore.usesFlask(), url: () => defaultStore.flaskUrl(), session: () => defaultStore.session });
