// TinyBase with its IndexedDB persister, which stores a table as one record. Saved by hand, so that the save can be awaited.
import { createStore } from 'tinybase';
import { createIndexedDbPersister } from 'tinybase/persisters/persister-indexed-db';
import { byId, rowItems } from '../tinybase-rows.mjs';

export default {
  async open() {
    const store = createStore();
    const failures = [];
    const persister = createIndexedDbPersister(store, 'tinybase', 1, (error) => failures.push(error));
    const saved = async () => {
      await persister.save();
      if (failures.length > 0) throw failures[0];
    };
    await persister.load();
    // Of a database that is not there yet it says that its tables were not found.
    failures.length = 0;
    const { change, get, size } = rowItems(store);
    return {
      saveAll(items) { store.setTable('files', byId(items)); return saved(); },
      change(id, changes) { change(id, changes); return saved(); },
      changeMany(list) { store.transaction(() => list.forEach(({ id, changes }) => change(id, changes))); return saved(); },
      get, size,
    };
  },
};
