// Dexie: put for one, bulkPut for many, and a Map.
import { Dexie } from 'dexie';
import { recordStore } from '../indexeddb.mjs';

export default {
  async open() {
    const database = new Dexie('dexie');
    database.version(1).stores({ files: 'id' });
    const { files } = database;
    return recordStore(await files.toArray(), (items) => (items.length === 1 ? files.put(items[0]) : files.bulkPut(items)));
  },
};
