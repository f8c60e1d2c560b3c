// The public types of the key-value storage.

export type StorageBackend = 'flask' | 'indexeddb';

/**
 * Where a storage lives. Both are asked at each use, so that a deployment may say it late.
 *
 * @example
 * const core = await createCore({ name: 'config-example', storage: 'memory', slices: { ...storageSlices } });
 * const config = { usesFlask: () => environment().usesFlask, url: () => environment().flaskUrl ?? null, onBackend: () => {} };
 * storageOf(core, config).getBackendType(); // 'indexeddb'
 * config.usesFlask() || config.url() !== null; // false
 * await core.close();
 */
export interface StorageConfig {
  /** Whether values live on the server. */
  usesFlask: () => boolean;
  /** The server's address; null: none. */
  url: () => string | null;
  /** Told which backend is in use, at the start and at each change. Default: a line on the console. */
  onBackend?: (backend: StorageBackend, why: string) => void;
  /** A new answer: another store stands behind the core, and what was known of the server is forgotten. */
  session?: () => unknown;
  /** From one look at a server that is away to the next, in milliseconds; doubles up to 30 s. Default 2000. */
  probeMs?: number;
}

export interface MigrationOptions {
  /** Told after every part. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Values under keys. Rejects with CoreError: `malformed-payload` for a key or value that cannot be stored, `server` or `rejected` when the
 * server refuses it.
 *
 * @example
 * const core = await createCore({ name: 'key-value-example', storage: 'memory', slices: { ...storageSlices } });
 * const storage = storageOf(core);
 * await storage.set('my-key', { foo: 'bar' });
 * (await storage.get('my-key')).foo; // 'bar'
 * storage.getBackendType(); // 'indexeddb'
 * await storage.switchTo('flask', 'http://localhost:5001'); // 1
 * await storage.set('other', 2); // on the device and on the server
 * storage.owed().length; // 0
 * await storage.reconcile(); // after the server was away; it happens by itself too
 * await storage.importData(await storage.exportData()); // 2
 * await storage.delete('other');
 * (await storage.keys()).join(); // 'my-key'
 * await storage.migrateToIndexedDB(); // 1
 * await storage.migrateToFlask('http://localhost:5001'); // 1
 * await storage.clear();
 * await core.close();
 */
export interface KeyValueStorage {
  /** What is in use now: `indexeddb` also while a Flask API that was asked for is away. */
  getBackendType(): StorageBackend;
  /** The value under a key; undefined when absent. A copy: changing it changes nothing here. */
  get<Value = unknown>(key: string): Promise<Value | undefined>;
  /** Resolves when the value is durable on the device, and on the server when that is in use and answers. */
  set(key: string, value: unknown): Promise<void>;
  /** Resolves as set() does; without effect where there is no such key. */
  delete(key: string): Promise<void>;
  /** All keys, sorted. */
  keys(): Promise<string[]>;
  /** Deletes all values of this storage; the items of slices stay. */
  clear(): Promise<void>;
  /** Copies all values, and all items of synced slices, to a server. Answers how many. Nothing is deleted here. */
  migrateToFlask(url?: string, options?: MigrationOptions): Promise<number>;
  /** Copies everything from the server to the device. Answers how many; what is newer here is kept. */
  migrateToIndexedDB(options?: MigrationOptions): Promise<number>;
  /** All values by their keys. */
  exportData(): Promise<Record<string, unknown>>;
  /** Adds and replaces; deletes nothing. Answers how many. */
  importData(values: Readonly<Record<string, unknown>>): Promise<number>;
  /** Where values live from now on; what is there already is carried over. Rejects when a server that is asked for does not answer. */
  switchTo(backend: StorageBackend, url?: string): Promise<number>;
  /** Keys whose newest value the server does not have yet. */
  owed(): string[];
  /** Looks at the server, and sends what is owed. */
  reconcile(): Promise<void>;
}
