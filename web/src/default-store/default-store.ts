// The one store of an application that imports it instead of making it. It is there at once and opens at
// its first use; what is dispatched before the core exists waits, as in a core that is opening.
import { createCore } from '../create-core.js';
import type { SliceDefinitions } from '../custom-slices.js';
import { CoreError } from '../errors.js';
import type { AnyAction } from '../frame.js';
import { sliceTable, type RootState } from '../generated/slices.js';
import { freezeDeep } from '../json-check.js';
import { openingStatus } from '../status.js';
import { storageSlices } from '../storage/storage.js';
import type { Core, CoreOptions, CoreStatus, SyncControl, Thunk } from '../types.js';
import { environment } from './environment.js';

export interface SetUp extends Partial<Omit<CoreOptions, 'waitForReady'>> {
  /** Whether the key-value storage lives on the server; without it the environment decides. */
  useFlaskBackend?: boolean;
}

const kName = 'codeforge';
const kMaxQueued = 10_000;

/** The state before anything is known: every slice is empty, those of the application too. */
function emptyState(own: SliceDefinitions): RootState {
  const built = Object.entries(sliceTable).map(([name, { collection, fields }]) => [name, { ...(collection === null ? {} : { [collection]: [] }), ...fields }]);
  const custom = Object.entries(own).map(([name, { collection = 'items', fields }]) => [name, { [collection]: [], activeId: null, ...fields }]);
  return freezeDeep(Object.fromEntries([...built, ...custom])) as unknown as RootState;
}

/** Members that work before the core exists, and forward to it afterwards. Their identity never changes. */
type Forwarded = Pick<Core, 'dispatch' | 'getState' | 'subscribe' | 'ready' | 'flush' | 'status' | 'onStatus' | 'read' | 'sync' | 'close' | 'replaceReducer'>;

/**
 * The one store of an application, there before it is open: what is dispatched until then is put on top of what the device has.
 *
 * @example
 * const shop = new DefaultStore();
 * shop.setUp({ name: 'shop', storage: 'memory', flaskApiUrl: null });
 * shop.core.dispatch(files.addFile({ id: 'a', name: 'a.ts', content: '', language: 'typescript', path: '/src', updatedAt: 1 }));
 * await shop.core.ready;
 * shop.core.read('files', 'a').name; // 'a.ts'
 * shop.flaskUrl(); // null
 * shop.usesFlask(); // false
 * shop.session; // 0
 * await shop.core.close();
 */
export class DefaultStore {
  #options: SetUp = {};
  #core: Core | undefined;
  #opening: Promise<Core> | undefined;
  #ready: Promise<void> | undefined;
  #isUsed = false;
  #empty: RootState | undefined;
  #isFailed = false;
  #isClosed = false;
  #session = 0;
  readonly #queue: AnyAction[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #statusListeners = new Set<() => void>();
  /** The store as a core. */
  readonly core: Core;

  constructor() {
    const forwarded = this.#forwarded();
    this.core = new Proxy(forwarded as Core, {
      get: (target, name) => {
        if (name in target) return Reflect.get(target, name) as unknown;
        if (name === 'then') return undefined;
        const core = this.#core;
        if (core === undefined) {
          if (typeof name === 'symbol') return undefined;
          void this.#open();
          throw new CoreError('not-ready', `store.${name}: the store is still opening; wait for store.ready`);
        }
        const value = Reflect.get(core, name, core) as unknown;
        return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(core) : value;
      },
      has: (target, name) => name in target || (this.#core !== undefined && name in this.#core),
    });
  }

  /** How often the store began anew. */
  get session(): number {
    return this.#session;
  }

  /** Whether the key-value storage lives on the server. */
  usesFlask(): boolean {
    return this.#options.useFlaskBackend ?? environment().usesFlask;
  }

  /** The address in use; null: none. */
  flaskUrl(): string | null {
    const { flaskApiUrl } = this.#options;
    if (flaskApiUrl !== undefined) return flaskApiUrl;
    return environment().flaskUrl ?? (this.core.getState().settings.settings.flaskApiUrl || null);
  }

  /**
   * Settings for the store. Before its first use everything can be set; while it is open only what can change
   * then: flaskApiUrl, autoSync and useFlaskBackend. After `store.close()` it begins anew: the next use opens again.
   */
  setUp(options: SetUp): void {
    if (this.#isClosed) {
      this.#isClosed = this.#isUsed = this.#isFailed = false;
      this.#opening = this.#core = undefined;
      this.#options = {};
      this.#session++;
    }
    if (this.#isUsed) {
      const { flaskApiUrl, autoSync, useFlaskBackend, ...fixed } = options;
      const changed = Object.keys(fixed).filter((name) => fixed[name as keyof typeof fixed] !== this.#options[name as keyof typeof fixed]);
      if (changed.length > 0) throw new CoreError('malformed-payload', `setUp: the store is in use, so ${changed.join(', ')} cannot change; call setUp before its first use, or after store.close()`);
      void this.#opening?.then((core) => core.sync.configure({ ...(flaskApiUrl === undefined ? {} : { flaskApiUrl }), ...(autoSync === undefined ? {} : { autoSync }) }))
        .catch((error: unknown) => this.#report(error));
    }
    this.#options = { ...this.#options, ...options };
    this.#empty = undefined;
  }

  #slices(): SliceDefinitions {
    return { ...storageSlices, ...this.#options.slices };
  }

  #forwarded(): Forwarded {
    const statusBefore = this.#statusBefore.bind(this);
    const store = this;
    return {
      dispatch: ((action: AnyAction | Thunk): unknown => {
        if (this.#core !== undefined) return this.#core.dispatch(action as AnyAction);
        void this.#open();
        if (typeof action === 'function') return action(this.core.dispatch, this.core.getState, this.core);
        if (this.#queue.length >= kMaxQueued)
          return { ...action, error: { code: 'limit', message: `${action.type}: ${kMaxQueued} actions already wait for the store to open` } };
        this.#queue.push(action);
        return action;
      }) as Core['dispatch'],
      getState: () => this.#core?.getState() ?? (void this.#open(), (this.#empty ??= emptyState(this.#slices()))),
      subscribe: (listener) => this.#add(this.#listeners, listener),
      onStatus: (listener) => this.#add(this.#statusListeners, listener),
      status: () => this.#core?.status() ?? (void this.#open(), statusBefore()),
      get ready() {
        void store.#open();
        return store.#ready!;
      },
      flush: (options) => this.#open().then((core) => core.flush(options)),
      read: (slice, id) => this.#core?.read(slice, id),
      close: () => this.#close(),
      replaceReducer: () => {
        throw new CoreError('unsupported', 'the reducers of this store are compiled into the core');
      },
      sync: this.#sync(),
    };
  }

  #sync(): SyncControl {
    const control = () => this.#open().then((core) => core.sync);
    return {
      push: async () => (await control()).push(),
      pull: async () => (await control()).pull(),
      check: async () => (await control()).check(),
      stats: async () => (await control()).stats(),
      clear: async () => (await control()).clear(),
      retry: async () => (await control()).retry(),
      status: () => this.core.status().sync,
      configure: (options) => this.#now((core) => core.sync.configure(options)),
      resetMetrics: () => this.#now((core) => core.sync.resetMetrics()),
    };
  }

  /** At once when there is a core, else as soon as there is one. */
  #now(run: (core: Core) => void): void {
    if (this.#core !== undefined) run(this.#core);
    else void this.#open().then(run).catch((error: unknown) => this.#report(error));
  }

  #add(listeners: Set<() => void>, listener: () => void): () => void {
    void this.#open();
    const own = (): void => listener();
    listeners.add(own);
    return () => void listeners.delete(own);
  }

  #open(): Promise<Core> {
    if (this.#opening === undefined) {
      this.#isUsed = true;
      // In a microtask, so that a setUp() beside the first use still counts.
      this.#opening = Promise.resolve().then(() => this.#start());
      this.#opening.catch((error: unknown) => this.#fail(error));
      // One promise, so that React's use() can wait for it.
      this.#ready = this.#opening.then((core) => core.ready);
      this.#ready.catch(() => {});
    }
    return this.#opening;
  }

  async #start(): Promise<Core> {
    const { useFlaskBackend: _, name = kName, storage, autoSync, ...options } = this.#options;
    const core = await createCore({
      ...options, name, slices: this.#slices(), storage: storage ?? (typeof globalThis.indexedDB === 'undefined' ? 'memory' : 'indexeddb'),
      flaskApiUrl: this.#options.flaskApiUrl ?? environment().flaskUrl ?? null, autoSync: { syncOnChange: true, ...autoSync }, waitForReady: false,
    });
    this.#core = core;
    core.subscribe(() => this.#tell(this.#listeners));
    core.onStatus(() => this.#tell(this.#statusListeners));
    // The core queues them in turn, in the same order, until it has recovered.
    for (const action of this.#queue.splice(0)) core.dispatch(action);
    this.#followSettings(core);
    this.#tell(this.#listeners);
    this.#tell(this.#statusListeners);
    return core;
  }

  /** Where nothing else names the server, the address in the settings does, also when it changes. */
  #followSettings(core: Core): void {
    // A server that renders pages has no business with the address of the people's own machine.
    if (typeof globalThis.XMLHttpRequest === 'undefined') return;
    let known: string | null | undefined;
    const follow = (): void => {
      if (this.#core !== core || this.#options.flaskApiUrl !== undefined) return;
      const url = this.flaskUrl();
      if (url === known) return;
      known = url;
      try {
        core.sync.configure({ flaskApiUrl: url });
      } catch (error) {
        this.#report(error);
      }
    };
    void core.ready.then(() => {
      follow();
      core.subscribe(follow);
    }, () => {});
  }

  #fail(error: unknown): void {
    this.#isFailed = true;
    for (const action of this.#queue.splice(0)) this.#report(new CoreError('unavailable', `${action.type}: the store could not be opened`));
    this.#report(error);
    this.#tell(this.#statusListeners);
  }

  async #close(): Promise<void> {
    const core = await this.#opening?.catch(() => undefined);
    await core?.close();
    this.#isClosed = true;
  }

  #statusBefore(): CoreStatus {
    return this.#isFailed ? failedStatus : beforeStatus;
  }

  #report(error: unknown): void {
    const known = error instanceof CoreError ? error : new CoreError('internal', String(error), { cause: error });
    if (this.#options.onError) this.#options.onError(known);
    else console.error(known);
  }

  #tell(listeners: Set<() => void>): void {
    for (const listener of [...listeners]) listener();
  }
}

const known = openingStatus('indexeddb');
/** The status while there is no core. */
const beforeStatus: CoreStatus = Object.freeze({
  ...known,
  tabs: { role: 'alone', writer: 'alive', others: 0, pending: 0, session: '', otherVersion: false, dropped: 0 },
  storage: { ...known.storage, standby: { kind: 'none', state: 'none', seq: 0, at: null, error: null }, incident: null, persisted: null },
  durability: { level: 'dispatched', dispatched: 0, handedOver: 0, complete: 0, strict: 0, mirrored: 0 },
  runtime: { restarts: 0, isRecovering: false, queued: 0, replayBytes: 0, replayDropped: 0, deadLetters: [] },
} satisfies Partial<CoreStatus> as unknown as CoreStatus);
const failedStatus: CoreStatus = Object.freeze({ ...beforeStatus, phase: 'failed' });
