// The primary database as the standby copy and the repair see it: named files under one path.
import type { CoreFile } from '../core-files.js';
import { completed } from './standby-place.js';

const kStore = 'FILE_DATA';

export class Primary {
  readonly db: IDBDatabase;
  readonly #path: string;

  constructor(db: IDBDatabase, path: string) {
    this.db = db;
    this.#path = path;
  }

  /** A connection of its own, for when the core has closed its. Rejects when there is no such database any more. */
  static open(path: string): Promise<Primary> {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(path, 21);
      request.onupgradeneeded = () => request.transaction!.abort(); // or it would be made
      request.onsuccess = () => resolve(new Primary(request.result, path));
      request.onerror = () => reject(request.error);
    });
  }

  /**
   * Names of every file and the contents of those that `wanted` chooses, of one moment. Throws
   * InvalidStateError when the connection is closed.
   */
  async snapshot(wanted: (names: string[]) => string[]): Promise<{ names: string[]; files: CoreFile[] }> {
    const transaction = this.db.transaction(kStore);
    const store = transaction.objectStore(kStore);
    const files: CoreFile[] = [];
    let names: string[] = [];
    const keys = store.getAllKeys(IDBKeyRange.bound(`${this.#path}/`, `${this.#path}/\uffff`));
    keys.onsuccess = () => {
      names = (keys.result as string[]).map((key) => key.slice(this.#path.length + 1));
      for (const name of wanted(names)) {
        const record = store.get(`${this.#path}/${name}`);
        record.onsuccess = () => files.push([name, (record.result as { contents: Uint8Array }).contents]);
      }
    };
    await completed(transaction);
    return { names, files };
  }

  /** One strict transaction. */
  async write(puts: readonly CoreFile[], deletes: readonly string[]): Promise<void> {
    const transaction = this.db.transaction(kStore, 'readwrite', { durability: 'strict' });
    const store = transaction.objectStore(kStore);
    const timestamp = new Date();
    for (const [name, contents] of puts) store.put({ timestamp, mode: 0o100666, contents }, `${this.#path}/${name}`);
    for (const name of deletes) store.delete(`${this.#path}/${name}`);
    await completed(transaction);
  }
}
