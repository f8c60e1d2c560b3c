// The stores of the application as a small database.
import { createDb } from 'codeforge-core/db';
import { store } from '../store.js';

export type { Db, DbStoreName, DbStores } from 'codeforge-core/db';
/**
 * The stores of the application as a small database; see Db.
 *
 * @example
 * await db.put('models', { id: 'm', name: 'User', fields: [], updatedAt: 1 });
 * (await db.get('models', 'm')).name; // 'User'
 */
export const db = createDb(store);
