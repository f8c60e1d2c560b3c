// codeforge-core/storage: values under keys, on the device or on the Flask API. Every value is durable on the
// device first; with Flask in use it is also owed to the server until that has it, whatever comes in between.
import { CoreError } from '../errors.js';
import { createFlaskClient, type FlaskClient } from '../flask-client.js';
import { sliceTable } from '../generated/slices.js';
import type { SliceDefinitions } from '../custom-slices.js';
import type { Core } from '../types.js';
import type { KeyValueStorage, MigrationOptions, StorageBackend, StorageConfig } from './types.js';

export type { KeyValueStorage, MigrationOptions, StorageBackend, StorageConfig } from './types.js';

/** The slice that a core must be given for its storage: `createCore({ slices: { ...storageSlices } })`. */
export const storageSlices = { storage: { collection: 'entries', wire: null, undo: false } } as const satisfies SliceDefinitions;

/** One value as the slice keeps it. */
interface Entry {
  id: string;
  value?: unknown;
  /** What the server must be told. A deletion keeps its entry until it was. */
  owed?: 'set' | 'delete';
}

const kProbeMs = 2000;
const kLastProbeMs = 30_000;
const kPart = 100;
const kPrefixes = Object.values(sliceTable).flatMap(({ wire }) => (wire === null ? [] : [`${wire}:`]));

/** The server's keys of synced slices belong to the sync engine. */
const isSliceKey = (key: string): boolean => kPrefixes.some((prefix) => key.startsWith(prefix));
const isAway = (error: unknown): boolean => error instanceof CoreError && (error.code === 'offline' || error.code === 'timeout' || error.code === 'no-server'
  || (error.code === 'server' && ((error.cause as { status?: number } | undefined)?.status ?? 500) >= 500));

/**
 * The key-value storage of a core; `storageOf` makes it. Beside KeyValueStorage it has what hooks need, which cannot wait.
 *
 * @example
 * const core = await createCore({ name: 'core-storage-example', storage: 'memory', slices: { ...storageSlices } });
 * const storage = new CoreStorage(core, { usesFlask: () => false, url: () => null, onBackend: () => {} });
 * storage.put('count', 1);
 * storage.peek('count'); // 1
 * await storage.settle('count'); // durable
 * storage.remove('count');
 * storage.peek('count'); // undefined
 * await core.close();
 */
export class CoreStorage implements KeyValueStorage {
  readonly #core: Core;
  readonly #config: StorageConfig;
  readonly #flask: FlaskClient;
  #chosen: { usesFlask: boolean; url: string | null } | undefined;
  #isReachable = false;
  #probing: Promise<void> | undefined;
  #probeTimer: ReturnType<typeof setTimeout> | undefined;
  #probeMs: number;
  #told: StorageBackend | undefined;
  #session: unknown;
  /** By key: the server said no to this very entry. */
  readonly #refused = new Map<string, Entry>();
  /** One request at a time for each key. */
  readonly #sending = new Map<string, Promise<void>>();

  constructor(core: Core, config: StorageConfig) {
    this.#core = core;
    this.#config = config;
    this.#probeMs = config.probeMs ?? kProbeMs;
    this.#flask = createFlaskClient(() => this.#url());
  }

  getBackendType(): StorageBackend {
    return this.#wantsFlask() && this.#isReachable ? 'flask' : 'indexeddb';
  }

  async get<Value = unknown>(key: string): Promise<Value | undefined> {
    await this.#ready();
    if (this.getBackendType() === 'flask' && this.#entry(key)?.owed === undefined) {
      try {
        const value = await this.#flask.getValue(key);
        this.#keepCopy(key, value);
        return value as Value | undefined;
      } catch (error) {
        this.#lost(error);
      }
    }
    return structuredClone(this.#here(key)) as Value | undefined;
  }

  async set(key: string, value: unknown): Promise<void> {
    await this.#ready();
    this.put(key, value);
    await this.#settle(key);
  }

  async delete(key: string): Promise<void> {
    await this.#ready();
    this.remove(key);
    await this.#settle(key);
  }

  async keys(): Promise<string[]> {
    await this.#ready();
    const names = new Set(this.#entries().filter(({ owed }) => owed !== 'delete').map(({ id }) => id));
    if (this.getBackendType() === 'flask') {
      try {
        const there = (await this.#flask.keys()).filter((key) => !isSliceKey(key));
        for (const key of [...names]) if (this.#entry(key)?.owed === undefined) names.delete(key);
        for (const key of there) if (this.#entry(key)?.owed !== 'delete') names.add(key);
      } catch (error) {
        this.#lost(error);
      }
    }
    return [...names].sort();
  }

  async clear(): Promise<void> {
    const keys = await this.keys();
    for (const key of keys) this.remove(key);
    await this.#core.flush();
    await this.#send(keys);
  }

  async migrateToFlask(url?: string, { onProgress }: MigrationOptions = {}): Promise<number> {
    await this.#ready();
    const target = url === undefined ? this.#flask : createFlaskClient(() => url);
    if (!(await target.isHealthy())) throw new CoreError('offline', `migrateToFlask: ${url ?? this.#url() ?? 'no address'} does not answer at /health`);
    const values = [...this.#entries().filter(({ owed }) => owed !== 'delete').map(({ id, value }): [string, unknown] => [id, value ?? null]), ...this.#sliceItems()];
    for (let at = 0; at < values.length; at += kPart) {
      await target.syncAllToFlask(Object.fromEntries(values.slice(at, at + kPart)));
      onProgress?.(Math.min(at + kPart, values.length), values.length);
    }
    return values.length;
  }

  async migrateToIndexedDB({ onProgress }: MigrationOptions = {}): Promise<number> {
    await this.#ready();
    const all = Object.entries(await this.#flask.fetchAllFromFlask());
    const values = all.filter(([key]) => !isSliceKey(key));
    for (const [key, value] of values) if (this.#entry(key)?.owed === undefined) this.#keepCopy(key, value);
    onProgress?.(values.length, all.length);
    // Items come by the sync engine, which keeps what is newer here.
    if (values.length < all.length && this.#core.status().sync.phase !== 'disabled') await this.#core.sync.pull();
    await this.#core.flush();
    onProgress?.(all.length, all.length);
    return all.length;
  }

  async exportData(): Promise<Record<string, unknown>> {
    const values: Record<string, unknown> = {};
    for (const key of await this.keys()) values[key] = await this.get(key);
    return values;
  }

  async importData(values: Readonly<Record<string, unknown>>): Promise<number> {
    await this.#ready();
    if (typeof values !== 'object' || values === null || Array.isArray(values)) throw new CoreError('malformed-payload', 'importData: expects an object of values by key');
    const keys = Object.keys(values);
    for (const key of keys) this.put(key, values[key]);
    await this.#core.flush();
    await this.#send(keys);
    return keys.length;
  }

  async switchTo(backend: StorageBackend, url?: string): Promise<number> {
    if (backend === 'indexeddb') {
      const count = this.getBackendType() === 'flask' ? await this.migrateToIndexedDB() : 0;
      this.#chosen = { usesFlask: false, url: null };
      this.#tell('chosen');
      return count;
    }
    const address = url ?? this.#url();
    const count = await this.migrateToFlask(address ?? undefined);
    this.#chosen = { usesFlask: true, url: address };
    this.#isReachable = true;
    this.#tell('chosen');
    return count;
  }

  owed(): string[] {
    return this.#entries().filter(({ owed }) => owed !== undefined).map(({ id }) => id);
  }

  async reconcile(): Promise<void> {
    const looked = this.#told;
    await this.#ready();
    if (!this.#wantsFlask()) return;
    if (looked !== undefined) await this.#probe();
    if (this.#isReachable) await this.#send(this.owed());
  }

  /** What is here under a key, at once; undefined when absent. For hooks. */
  peek(key: string): unknown {
    return this.#here(key);
  }

  /** Puts a value into the state, at once. Throws CoreError when the core refuses it. For hooks, which wait for ready first. */
  put(key: string, value: unknown): void {
    if (typeof key !== 'string' || key === '') throw new CoreError('malformed-payload', 'storage: a key must be a string that is not empty');
    if (value === undefined) return this.remove(key);
    this.#dispatch('storage/addItem', { id: key, value: structuredClone(value), ...(this.#wantsFlask() ? { owed: 'set' } : {}) });
  }

  /** Deletes a value from the state, at once. For hooks, which wait for ready first. */
  remove(key: string): void {
    if (this.#wantsFlask()) this.#dispatch('storage/addItem', { id: key, owed: 'delete' });
    else if (this.#entry(key) !== undefined) this.#dispatch('storage/removeItem', key);
  }

  /** Durable here, and sent where the server is in use. */
  async settle(key: string): Promise<void> {
    return this.#settle(key);
  }

  async #settle(key: string): Promise<void> {
    await this.#core.flush();
    if (this.getBackendType() === 'flask') await this.#sendOne(key);
  }

  async #send(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      if (this.getBackendType() !== 'flask') return;
      await this.#sendOne(key).catch((error: unknown) => {
        if (!(error instanceof CoreError)) throw error;
      });
    }
  }

  async #sendOne(key: string): Promise<void> {
    while (this.#sending.has(key)) await this.#sending.get(key);
    const entry = this.#entry(key);
    if (entry?.owed === undefined || this.#refused.get(key) === entry) return;
    const sending = this.#transfer(entry).finally(() => void this.#sending.delete(key));
    this.#sending.set(key, sending.catch(() => {}));
    await sending;
  }

  async #transfer(entry: Entry): Promise<void> {
    try {
      if (entry.owed === 'delete') await this.#flask.deleteValue(entry.id);
      else await this.#flask.putValue(entry.id, entry.value);
    } catch (error) {
      if (isAway(error)) return this.#lost(error);
      this.#refused.set(entry.id, entry);
      throw error;
    }
    // A newer value keeps its debt.
    if (this.#entry(entry.id) !== entry) return;
    if (entry.owed === 'delete') this.#dispatch('storage/removeItem', entry.id);
    else this.#dispatch('storage/addItem', { id: entry.id, value: entry.value });
  }

  /** What the server has, for when it is away. */
  #keepCopy(key: string, value: unknown): void {
    const entry = this.#entry(key);
    if (entry?.owed !== undefined) return;
    if (value === undefined) {
      if (entry !== undefined) this.#dispatch('storage/removeItem', key);
    } else if (entry === undefined || JSON.stringify(entry.value) !== JSON.stringify(value)) {
      this.#dispatch('storage/addItem', { id: key, value: structuredClone(value) });
    }
  }

  #sliceItems(): [string, unknown][] {
    const state = this.#core.getState() as unknown as Record<string, Record<string, readonly { id: string }[]>>;
    return Object.entries(sliceTable).flatMap(([name, { wire, collection }]) =>
      (wire === null || collection === null ? [] : state[name]![collection]!.map((item): [string, unknown] => [`${wire}:${item.id}`, item])));
  }

  #wantsFlask(): boolean {
    return (this.#chosen?.usesFlask ?? this.#config.usesFlask()) && this.#url() !== null;
  }

  #url(): string | null {
    return this.#chosen?.url ?? this.#config.url();
  }

  /** After recovery and the first look at the server. */
  async #ready(): Promise<void> {
    await this.#core.ready;
    const session = this.#config.session?.();
    if (session !== this.#session) {
      clearTimeout(this.#probeTimer);
      this.#session = session;
      this.#told = this.#chosen = undefined;
      this.#isReachable = false;
      this.#refused.clear();
    }
    if (this.#told === undefined) await (this.#probing ??= this.#first().finally(() => void (this.#probing = undefined)));
  }

  async #first(): Promise<void> {
    if (this.#wantsFlask()) await this.#probe();
    else this.#tell('no Flask API is configured');
  }

  async #probe(): Promise<void> {
    clearTimeout(this.#probeTimer);
    const isHealthy = await this.#flask.isHealthy();
    this.#isReachable = isHealthy;
    this.#tell(isHealthy ? '/health answers' : '/health does not answer');
    if (isHealthy) this.#probeMs = this.#config.probeMs ?? kProbeMs;
    else this.#probeLater();
  }

  #probeLater(): void {
    clearTimeout(this.#probeTimer);
    if (!this.#wantsFlask() || this.#core.status().phase === 'closed') return;
    this.#probeTimer = setTimeout(() => void this.reconcile().catch(() => {}), this.#probeMs);
    // In Node a look at the server keeps no process alive.
    (this.#probeTimer as { unref?: () => void }).unref?.();
    this.#probeMs = Math.min(2 * this.#probeMs, kLastProbeMs);
  }

  /** A request failed because the server is away: the device answers until it is back. Anything else is thrown on. */
  #lost(error: unknown): void {
    if (!isAway(error)) throw error;
    this.#isReachable = false;
    this.#tell((error as CoreError).message);
    this.#probeLater();
  }

  #tell(why: string): void {
    const backend = this.getBackendType();
    if (this.#told === backend) return;
    this.#told = backend;
    if (this.#config.onBackend) this.#config.onBackend(backend, why);
    else console.info(`codeforge-core: storage is ${backend === 'flask' ? `the Flask API at ${this.#url()}` : 'IndexedDB'} (${why})`);
  }

  #entries(): readonly Entry[] {
    const slice = (this.#core.getState() as unknown as { storage?: { entries: readonly Entry[] } }).storage;
    if (slice === undefined) throw new CoreError('unknown-slice', 'storage: the core has no slice for it; createCore({ slices: { ...storageSlices } })');
    return slice.entries;
  }

  #entry(key: string): Entry | undefined {
    return this.#core.read('storage' as 'files', key) as Entry | undefined;
  }

  #here(key: string): unknown {
    const entry = this.#entry(key);
    return entry?.owed === 'delete' ? undefined : entry?.value;
  }

  #dispatch(type: string, payload: unknown): void {
    const { error } = this.#core.dispatch({ type, payload });
    if (error) throw CoreError.from(error);
  }
}

const known = new WeakMap<Core, CoreStorage>();

/**
 * The storage of a core, made once. The core needs the slice `storageSlices`.
 *
 * @example
 * const core = await createCore({ name: 'storage-example', storage: 'memory', slices: { ...storageSlices } });
 * const storage = storageOf(core, { usesFlask: () => false, url: () => null, onBackend: (backend, why) => console.log(backend, why) });
 * storage === storageOf(core); // true
 * await core.close();
 */
export function storageOf(core: Core, config: StorageConfig = { usesFlask: () => false, url: () => null }): CoreStorage {
  let storage = known.get(core);
  if (storage === undefined) known.set(core, (storage = new CoreStorage(core, config)));
  return storage;
}
