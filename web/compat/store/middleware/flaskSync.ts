// Single and bulk requests to the Flask API that the application's store uses.
import { createFlaskClient } from 'codeforge-core/flask';
import { defaultStore, store } from '../../store.js';

export const { syncToFlask, fetchFromFlask, syncAllToFlask, fetchAllFromFlask, getFlaskStats } = createFlaskClient(() => defaultStore.flaskUrl());

/** Deletes everything on the server. The store knows of it and sends what it has when it pushes again. */
export const clearFlaskStorage = (): Promise<void> => store.sync.clear();
