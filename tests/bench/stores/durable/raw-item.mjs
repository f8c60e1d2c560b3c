// The limit for small changes: IndexedDB itself with one record for each item, with Chromium's default durability.
import { answer, openDatabase, recordStore, written } from '../indexeddb.mjs';

export async function openRaw(durability) {
  const database = await openDatabase('raw', 'files', { keyPath: 'id' });
  const all = await answer(database.transaction('files').objectStore('files').getAll());
  return recordStore(all, (items) => written(database, 'files', (files) => items.forEach((item) => files.put(item)), durability));
}

export default { open: () => openRaw('relaxed') };
