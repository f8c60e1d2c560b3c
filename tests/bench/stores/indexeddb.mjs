// IndexedDB as promises, for the stores without a library, and the items in memory for those that keep none.

export const answer = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** Opens a database of one object store. */
export function openDatabase(name, store, options) {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(store, options);
  return answer(request);
}

/** Runs `use(store)` in a transaction; resolves when that is complete. */
export const written = (database, store, use, durability) => new Promise((resolve, reject) => {
  const transaction = database.transaction(store, 'readwrite', { durability });
  transaction.oncomplete = () => resolve();
  transaction.onabort = () => reject(transaction.error);
  use(transaction.objectStore(store));
});

/** Items by id; `change` answers the item afterwards, `changeAll` those of a burst. */
export function inMemory(list) {
  const items = new Map(list.map((item) => [item.id, item]));
  const put = (item) => { items.set(item.id, item); return item; };
  const change = (id, changes) => put({ ...items.get(id), ...changes });
  return {
    items, put, change,
    changeAll: (changes) => changes.map((one) => change(one.id, one.changes)),
    get: (id) => items.get(id),
    size: () => items.size,
  };
}

/** A store that has one record for each item: `all` from its start, `write(items)` to put some. */
export function recordStore(all, write) {
  const { put, change, changeAll, get, size } = inMemory(all);
  return {
    saveAll: (items) => write(items.map(put)),
    change: (id, changes) => write([change(id, changes)]),
    changeMany: (list) => write(changeAll(list)),
    get, size,
  };
}
