// codeforge-core/db: the stores of the editor as a small database, `db.get('files', id)`. It reads and
// writes the core's state, so what is put here is seen by every hook, logged, synced and undone like any edit.
import { CoreError } from './errors.js';
import { sliceTable, type Items, type Settings } from './generated/slices.js';
import type { IndexKey, IndexRange } from './slice-index.js';
import type { Core } from './types.js';

/** The names of the stores, and what they hold. */
export interface DbStores {
  projects: Items['project'];
  files: Items['files'];
  models: Items['models'];
  components: Items['components'];
  componentTrees: Items['componentTrees'];
  workflows: Items['workflows'];
  lambdas: Items['lambdas'];
  theme: Items['theme'];
  /** One record with the key `app`. */
  settings: Settings & { key: string };
}

export type DbStoreName = keyof DbStores;

/**
 * Every method waits until the core has recovered what is on the device; those that write resolve when it is
 * durable there. What is read is a copy and may be changed. Rejects with CoreError: `unknown-slice` for a store
 * that is not there, `malformed-payload` for a record or an index that does not fit, `storage` when the disk fails.
 */
export interface Db {
  /** Resolves when the stores can be used. */
  init(): Promise<void>;
  /** undefined when absent. */
  get<Store extends DbStoreName>(store: Store, key: string): Promise<DbStores[Store] | undefined>;
  /** All records, in the order of the slice. */
  getAll<Store extends DbStoreName>(store: Store): Promise<DbStores[Store][]>;
  /** Inserts, or replaces the record with the same id. */
  put<Store extends DbStoreName>(store: Store, record: DbStores[Store]): Promise<void>;
  /** Without effect where there is no such record. */
  delete(store: DbStoreName, key: string): Promise<void>;
  /** Settings go back to their defaults. */
  clear(store: DbStoreName): Promise<void>;
  /** The records whose member `index` has this value or is in this range; a lookup for a value, no scan. */
  query<Store extends DbStoreName>(store: Store, index: string, value: IndexKey | IndexRange): Promise<DbStores[Store][]>;
  /** How many records there are; 1 for the settings. */
  count(store: DbStoreName): Promise<number>;
}

type Plain = Record<string, unknown>;
type SliceOfStore = keyof Items | 'settings';

const kSettingsKey = 'app';
/** The original wrote the settings under this key as well. */
const kSettingsKeys = new Set([kSettingsKey, 'appSettings']);

const sliceByStore: Readonly<Record<DbStoreName, SliceOfStore>> = {
  projects: 'project', files: 'files', models: 'models', components: 'components', componentTrees: 'componentTrees',
  workflows: 'workflows', lambdas: 'lambdas', theme: 'theme', settings: 'settings',
};

class CoreDb implements Db {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  init(): Promise<void> {
    return this.#core.ready;
  }

  async get<Store extends DbStoreName>(store: Store, key: string): Promise<DbStores[Store] | undefined> {
    const slice = await this.#slice(store);
    if (slice === 'settings') return (kSettingsKeys.has(key) ? this.#settings(key) : undefined) as DbStores[Store] | undefined;
    const item = this.#core.read(slice, key);
    return item && (structuredClone(item) as DbStores[Store]);
  }

  async getAll<Store extends DbStoreName>(store: Store): Promise<DbStores[Store][]> {
    const slice = await this.#slice(store);
    return structuredClone(this.#items(slice)) as unknown as DbStores[Store][];
  }

  async put<Store extends DbStoreName>(store: Store, record: DbStores[Store]): Promise<void> {
    const slice = await this.#slice(store);
    if (slice !== 'settings') return this.#write(`${slice}/addItem`, structuredClone(record));
    const { key, ...settings } = structuredClone(record) as DbStores['settings'];
    if (!kSettingsKeys.has(key)) throw new CoreError('malformed-payload', `db.put: settings has the key "${kSettingsKey}" only, not ${JSON.stringify(key)}`);
    return this.#write('settings/updateSettings', settings);
  }

  async delete(store: DbStoreName, key: string): Promise<void> {
    const slice = await this.#slice(store);
    if (slice === 'settings') return kSettingsKeys.has(key) ? this.clear(store) : undefined;
    return this.#write(`${slice}/removeItem`, key);
  }

  async clear(store: DbStoreName): Promise<void> {
    const slice = await this.#slice(store);
    if (slice === 'settings') return this.#write('settings/setSettings', structuredClone(sliceTable.settings.fields['settings']));
    return this.#write(`${slice}/setItems`, []);
  }

  async query<Store extends DbStoreName>(store: Store, index: string, value: IndexKey | IndexRange): Promise<DbStores[Store][]> {
    const slice = await this.#slice(store);
    if (slice === 'settings') throw new CoreError('malformed-payload', 'db.query: settings has no index');
    return structuredClone(this.#core.query(slice, index, value)) as unknown as DbStores[Store][];
  }

  async count(store: DbStoreName): Promise<number> {
    const slice = await this.#slice(store);
    return this.#items(slice).length;
  }

  async #slice(store: DbStoreName): Promise<SliceOfStore> {
    const slice = Object.prototype.hasOwnProperty.call(sliceByStore, store) ? sliceByStore[store] : undefined;
    if (slice === undefined)
      throw new CoreError('unknown-slice', `db: there is no store ${JSON.stringify(store)}; there are ${Object.keys(sliceByStore).join(', ')}`);
    await this.#core.ready;
    return slice;
  }

  #items(slice: SliceOfStore): readonly Plain[] {
    if (slice === 'settings') return [this.#settings(kSettingsKey)];
    return (this.#core.getState()[slice] as unknown as Record<string, readonly Plain[]>)[sliceTable[slice].collection!]!;
  }

  #settings(key: string): Plain {
    return structuredClone({ key, ...this.#core.getState().settings.settings });
  }

  async #write(type: string, payload: unknown): Promise<void> {
    const { error } = this.#core.dispatch({ type, payload });
    if (error) throw CoreError.from(error);
    await this.#core.flush();
  }
}

/**
 * The stores of `core`.
 *
 * @example
 * const core = await createCore({ name: 'db-example', storage: 'memory' });
 * const db = createDb(core);
 * await db.init();
 * await db.put('files', { id: 'a', name: 'a.ts', content: '', language: 'typescript', path: '/src', updatedAt: 1 });
 * (await db.query('files', 'path', '/src')).length; // 1
 * (await db.get('files', 'a')).name; // 'a.ts'
 * (await db.getAll('files')).length; // 1
 * await db.delete('files', 'a');
 * await db.count('files'); // 0
 * await db.clear('models');
 * await core.close();
 */
export const createDb = (core: Core): Db => new CoreDb(core);
