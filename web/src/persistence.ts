// codeforge-core/persistence: the controls of persistence and auto-sync under the names that editors know.
import { CoreError } from './errors.js';
import { isSliceName } from './action-table.js';
import { sliceTable } from './generated/slices.js';
import type { AutoSync, Core, SliceSync, SyncMetrics } from './types.js';

export interface PersistenceConfig extends SliceSync {
  /** The name of the slice's store; it cannot be changed. */
  storeName: string;
}

export interface AutoSyncStatus {
  enabled: boolean;
  /** Unix time in milliseconds of the last run that went through; 0 before the first. */
  lastSyncTime: number;
  /** Edits since the last push that went through. */
  changeCounter: number;
  /** Milliseconds to the next automatic run; null when none is planned. */
  nextSyncIn: number | null;
}

/** Counts and durations of the requests to the server; `lastOperationTime` is 0 before the first. */
export interface MetricsView extends Omit<SyncMetrics, 'lastOperationTime'> {
  lastOperationTime: number;
}

export interface Persistence {
  /**
   * Resolves when everything is durable on the device and, where a server is configured and answers, is sent.
   * A server that cannot be reached is no error: what it lacks waits in the outbox. Rejects with CoreError when the device's storage failed.
   */
  flushPersistence(): Promise<void>;
  /** Applies at once. Throws CoreError `unknown-slice`, `malformed-payload`, or `unsupported` for another storeName. */
  configurePersistence(slice: string, config: Partial<PersistenceConfig>): void;
  /** What was edited while the slice was disabled is sent now. */
  enablePersistence(slice: string): void;
  /** Nothing of the slice is sent any more. Its edits stay safe on the device. */
  disablePersistence(slice: string): void;
  /** As they are now; the object does not change later. */
  getSyncMetrics(): MetricsView;
  /** Told when the metrics changed. Answers how to stop. */
  subscribeSyncMetrics(listener: (metrics: MetricsView) => void): () => void;
  /** Counts and durations start anew. */
  resetSyncMetrics(): void;
  /** `enabled` and `intervalMs` (100 at least) also become `state.settings`, so that they and the engine agree. */
  configureAutoSync(config: Partial<AutoSync>): void;
  /** As it is now; times in milliseconds. */
  getAutoSyncStatus(): AutoSyncStatus;
  /** Pushes now. Rejects with CoreError `offline`, `timeout`, `server`, `rejected`, `no-server`. */
  triggerAutoSync(): Promise<void>;
}

const kMinIntervalMs = 100;

function checkSlice(name: string): void {
  if (!isSliceName(name)) throw new CoreError('unknown-slice', `configurePersistence: there is no slice ${JSON.stringify(name)}`);
}

function checkAutoSync({ enabled, intervalMs, syncOnChange, maxQueueSize }: Partial<AutoSync>): void {
  const wrong = (member: string, rule: string): never => {
    throw new CoreError('malformed-payload', `configureAutoSync: ${member} must be ${rule}`);
  };
  if (enabled !== undefined && typeof enabled !== 'boolean') wrong('enabled', 'true or false');
  if (syncOnChange !== undefined && typeof syncOnChange !== 'boolean') wrong('syncOnChange', 'true or false');
  if (intervalMs !== undefined && !(intervalMs >= kMinIntervalMs && intervalMs <= 86_400_000)) wrong('intervalMs', `a number of ${kMinIntervalMs} to 86400000`);
  if (maxQueueSize !== undefined && !(maxQueueSize >= 1 && maxQueueSize <= 1e6)) wrong('maxQueueSize', 'a number of 1 to 1000000');
}

/**
 * The controls of `core`.
 *
 * @example
 * const core = await createCore({ name: 'persistence-example', storage: 'memory' });
 * const controls = createPersistence(core);
 * controls.configurePersistence('files', { debounceMs: 500, batchSize: 20 });
 * controls.disablePersistence('theme'); // its edits wait on the device
 * controls.enablePersistence('theme');
 * controls.configureAutoSync({ enabled: true, intervalMs: 60_000 });
 * controls.getAutoSyncStatus().enabled; // true
 * core.sync.configure({ flaskApiUrl: 'http://localhost:5001' });
 * const stop = controls.subscribeSyncMetrics(({ totalOperations }) => console.log(totalOperations));
 * await controls.flushPersistence(); // durable here and sent
 * await controls.triggerAutoSync();
 * controls.resetSyncMetrics();
 * controls.getSyncMetrics().totalOperations; // 0
 * stop();
 * await core.close();
 */
export function createPersistence(core: Core): Persistence {
  const metrics = (): MetricsView => {
    const known = core.status().sync.metrics;
    return { ...known, lastOperationTime: known.lastOperationTime ?? 0 };
  };
  const configurePersistence = (slice: string, config: Partial<PersistenceConfig>): void => {
    checkSlice(slice);
    const { storeName, ...settings } = config;
    const own = sliceTable[slice as keyof typeof sliceTable].wire ?? slice;
    if (storeName !== undefined && storeName !== own && storeName !== slice)
      throw new CoreError('unsupported', `configurePersistence: the store of ${slice} is "${own}", it cannot be ${JSON.stringify(storeName)}`);
    core.sync.configure({ slices: { [slice]: settings } });
  };
  return {
    async flushPersistence() {
      await core.flush();
      const { phase, connected } = core.status().sync;
      if (phase === 'disabled' || connected === false) return;
      await core.sync.push().catch(() => {});
    },
    configurePersistence,
    enablePersistence: (slice) => configurePersistence(slice, { enabled: true }),
    disablePersistence: (slice) => configurePersistence(slice, { enabled: false }),
    getSyncMetrics: metrics,
    subscribeSyncMetrics(listener) {
      let told = core.status().sync.metrics;
      return core.onStatus(() => {
        const now = core.status().sync.metrics;
        if (now.totalOperations === told.totalOperations && now.lastOperationTime === told.lastOperationTime) return;
        told = now;
        listener(metrics());
      });
    },
    resetSyncMetrics: () => core.sync.resetMetrics(),
    configureAutoSync(config) {
      checkAutoSync(config);
      const { enabled, intervalMs, ...rest } = config;
      // One truth: the engine follows the settings.
      core.sync.configure({ autoSync: { ...rest, ...(enabled === undefined ? {} : { enabled: null }), ...(intervalMs === undefined ? {} : { intervalMs: null }) } });
      if (enabled === undefined && intervalMs === undefined) return;
      const { error } = core.dispatch({
        type: 'settings/updateSettings',
        payload: { ...(enabled === undefined ? {} : { autoSync: enabled }), ...(intervalMs === undefined ? {} : { syncInterval: intervalMs }) },
      });
      if (error) throw CoreError.from(error);
    },
    getAutoSyncStatus() {
      const { autoSync, lastSyncedAt, changes, nextSyncAt } = core.status().sync;
      return {
        enabled: autoSync.enabled, lastSyncTime: lastSyncedAt ?? 0, changeCounter: changes,
        nextSyncIn: nextSyncAt === null ? null : Math.max(0, nextSyncAt - Date.now()),
      };
    },
    async triggerAutoSync() {
      await core.sync.push();
    },
  };
}

const known = new WeakMap<Core, Persistence>();

/**
 * The controls of a core, made once: their functions keep their identity.
 *
 * @example
 * persistenceOf(core) === persistenceOf(core); // true
 * await persistenceOf(core).flushPersistence();
 */
export function persistenceOf(core: Core): Persistence {
  let controls = known.get(core);
  if (controls === undefined) known.set(core, (controls = createPersistence(core)));
  return controls;
}
