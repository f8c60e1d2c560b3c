// Single and bulk requests to the Flask API that the application's store uses.
import { createFlaskClient } from 'codeforge-core/flask';
import { defaultStore, store } from '../../store.js';

/**
 * Single and bulk requests to the server that the store uses; see FlaskClient for what each answers and rejects with.
 *
 * @example
 * setUp({ flaskApiUrl: 'http://localhost:5001' });
 * await syncToFlask('files', 'a', { id: 'a', name: 'a.ts' });
 * (await fetchFromFlask('files', 'a')).name; // 'a.ts'
 * await syncAllToFlask({ 'files:b': { id: 'b' }, 'models:m': { id: 'm' } });
 * 'models:m' in (await fetchAllFromFlask()); // true
 * const { total_keys, total_size_bytes } = await getFlaskStats();
 */
export const { syncToFlask, fetchFromFlask, syncAllToFlask, fetchAllFromFlask, getFlaskStats } = createFlaskClient(() => defaultStore.flaskUrl());

/**
 * Deletes everything on the server. The store knows of it and sends what it has when it pushes again.
 *
 * @example
 * setUp({ flaskApiUrl: 'http://localhost:5001' });
 * await clearFlaskStorage();
 */
export const clearFlaskStorage = (): Promise<void> => store.sync.clear();
