// The limit for many bytes: one record of all items as bytes that are already encoded, and parsed only for the first read. A
// change stores as many bytes again.
import { answer, inMemory, openDatabase, written } from '../indexeddb.mjs';

const encoded = (items) => new TextEncoder().encode(JSON.stringify(items));
let bytesOfAll;

export default {
  isBytes: true,
  prepare(items) { bytesOfAll = encoded(items); },
  async open() {
    const database = await openDatabase('bytes', 'bytes');
    const bytes = await answer(database.transaction('bytes').objectStore('bytes').get('all'));
    let parsed;
    const memory = () => (parsed ??= inMemory(bytes === undefined ? [] : JSON.parse(new TextDecoder().decode(bytes))));
    const write = (value) => written(database, 'bytes', (store) => store.put(value, 'all'), 'relaxed');
    return {
      saveAll(items) { items.forEach(memory().put); return write(bytesOfAll); },
      change(id, changes) { memory().change(id, changes); return write(bytesOfAll); },
      changeMany(list) { memory().changeAll(list); return write(bytesOfAll); },
      /** The true bytes, so that the next visit can be checked. */
      finish: () => write(encoded([...memory().items.values()])),
      get: (id) => memory().get(id),
      size: () => memory().size(),
    };
  },
};
