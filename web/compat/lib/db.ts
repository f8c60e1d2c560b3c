// The stores of the application as a small database.
import { createDb } from 'codeforge-core/db';
import { store } from '../store.js';

export type { Db, DbStoreName, DbStores } from 'codeforge-core/db';
export const db = createDb(store);
