// idb, the promise wrapper of IndexedDB: one record for each item, and a Map.
import { openDB } from 'idb';
import { recordStore } from '../indexeddb.mjs';

export default {
  async open() {
    const database = await openDB('idb', 1, { upgrade: (fresh) => { fresh.createObjectStore('files', { keyPath: 'id' }); } });
    return recordStore(await database.getAll('files'), (items) => {
      const transaction = database.transaction('files', 'readwrite');
      for (const item of items) transaction.store.put(item);
      return transaction.done;
    });
  },
};
