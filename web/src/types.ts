// The public types: options, the core, its status, and what its operations answer.
import type { BackupMembers, BackupOptions, BackupStatus } from './backup/types.js';
import type { CoreInspection, inspect } from './inspection.js';
import type { SliceName } from './action-table.js';
import type { CoreModule } from './core-module.js';
import type { SliceConfig, SliceDefinitions } from './custom-slices.js';
import type { IndexKey, IndexRange } from './slice-index.js';
import type { CoreError, ErrorCode } from './errors.js';
import type { HistoryMove, HistoryView } from './history.js';
import type { RejectedEdit } from './rejected.js';
import type { AnyAction } from './frame.js';
import type { DurabilityLevel, DurabilityStatus, StandbyStatus, StorageControl, StorageIncident } from './durability/types.js';
import type { Items, Payloads, RootState } from './generated/slices.js';
import type { AutoSync, SliceSync, SyncControl, SyncOptions } from './sync-types.js';
import type { TabsStatus } from './tabs/types.js';
import type { Encryption, SealStatus } from './vault/types.js';

export type { AutoSync, PullResult, PushResult, SliceSync, SyncControl, SyncOptions } from './sync-types.js';

export interface CoreOptions {
  /** Name of the store; the database of IndexedDB carries it. */
  name: string;
  /** `indexeddb` (default) keeps everything on the device; `memory` keeps nothing beyond close(). */
  storage?: 'indexeddb' | 'memory';
  /** true: where there is no IndexedDB, fail with `unavailable` instead of going on in memory. */
  strictStorage?: boolean;
  /** Backups that are made by themselves; false: none are. Default: one in an hour with edits. */
  backups?: BackupOptions | false;
  /** true: a database that the browser cannot read is thrown away even though the standby copy has not all of it (`damaged`). */
  discardUnreadable?: boolean;
  /** false: never ask the browser to keep this origin's data (`navigator.storage.persist`); else it is asked at the first write. */
  persistStorage?: boolean;
  /** Something was missing or damaged when the store was opened; see `status().storage.incident`. */
  onIncident?: (incident: StorageIncident) => void;
  /** Seals everything that is kept on this device; see `Encryption` and web/VAULT.md. Rejects with `wrong-key` or `sealed`. */
  encryption?: Encryption | null;
  /** Address of the Flask API, for example `http://localhost:5001`; null: never sync. */
  flaskApiUrl?: string | null;
  /**
   * What becomes of an edit that the server refuses (400, 405, 409, 413, 415, 422 with an error in JSON). `rollback` (default): the
   * state goes back to what the server has; the edit stays in `core.rejected` and can be sent again, discarded, or brought back by
   * undo. `keep`: the state keeps it and it is not sent again before it is edited.
   */
  onReject?: 'rollback' | 'keep';
  /** Who edits; undo takes back only this user's edits. Default "local". */
  user?: string;
  /** Of whom in particular: undo takes back only this session's edits. Default: the browser's tab, which keeps its session over reloads; in Node a new one each time. */
  session?: string;
  /** What is given here wins over `state.settings` (autoSync, syncInterval); the rest is as the settings say. */
  autoSync?: Partial<AutoSync>;
  /**
   * Slices of your own beside the built-in ones, by name: a letter, then letters and digits, at most 64 of them.
   * See `defineSlice`. What a slice that is left out has kept stays on the device until it is defined again.
   */
  slices?: SliceDefinitions;
  /**
   * The schema number of the application's items, and the steps from one number to the next; see `SchemaOptions`.
   * Without it the number is 1.
   */
  schema?: SchemaOptions;
  wasmUrl?: string | URL;
  wasmBinary?: ArrayBuffer | Uint8Array;
  /** Refused actions, restarts and failed background work. Without it they go to console.error. */
  onError?: (error: CoreError) => void;
  /** false: do not wait for recovery. Actions queue until `core.ready`, and the state is empty before it. */
  waitForReady?: boolean;
  /** Called with each fresh WebAssembly instance, before it is opened. For diagnostics. */
  onInstance?: (module: CoreModule) => void;
}

/** The schema of an application's items, one number for all slices. */
export interface SchemaOptions {
  /** Counts from 1. What is stored with a smaller number is migrated; a store with a larger one is opened read-only. */
  version: number;
  /**
   * By slice and number the function that makes an item of that number out of one of the number before. It must return
   * all members that are to stay, and the same id. When it throws, the item stays as it is and is listed by
   * `core.flagged()`. Steps run when a slice is read, and in idle time. For `settings` the item is the settings object.
   * @example
   * const schema = { version: 2, migrations: { files: { 2: ({ lang, ...file }) => ({ ...file, language: lang }) } } };
   * const core = await createCore({ name: 'app', storage: 'memory', schema });
   * console.log(core.status().schema); // { known: 2, version: 2, level: 2, pending: 0, readOnly: false }
   */
  migrations?: Readonly<Record<string, Readonly<Record<number, (item: any) => unknown>>>>;
}

/** Where a migration is. */
export interface SchemaStatus {
  /** The application's number. */
  known: number;
  /** Every item is of this number at least. */
  version: number;
  /** What is written now has this number. */
  level: number;
  /** Items that are older, those whose steps failed included. */
  pending: number;
  /** The store is newer than the application: it can be read and exported; a dispatch is refused with `read-only`. */
  readOnly: boolean;
}

/** What open() of the core is given. */
export interface CoreConfig {
  name: string;
  storage: 'indexeddb' | 'memory';
  flaskApiUrl: string | null;
  /** 32 hexadecimal digits of randomness. */
  seed: string;
  user: string;
  session: string;
  onReject: 'rollback' | 'keep';
  autoSync: NonNullable<SyncOptions['autoSync']>;
  slices: SliceConfig[];
  schema: { version: number; slices: string[] };
  /** Settings of slices towards the network, for a fresh instance. */
  sliceSync?: Record<string, Partial<SliceSync>>;
}

/** An action of the slice table. */
export type CoreAction = {
  [Type in keyof Payloads]: undefined extends Payloads[Type]
    ? { type: Type; payload?: Payloads[Type]; meta?: unknown; error?: unknown }
    : { type: Type; payload: Payloads[Type]; meta?: unknown; error?: unknown };
}[keyof Payloads];

/** What dispatch adds to an action that it refused. */
export interface RefusedAction {
  error: { code: ErrorCode; message: string };
}

export type Thunk<Result = unknown> = (dispatch: Dispatch, getState: () => RootState, core: Core) => Result;

/** Undo and redo as actions; `meta.group` of any action names a group that is undone as one step. */
export type HistoryAction = { type: 'history/undo' | 'history/redo' | 'history/clear'; meta?: unknown };

export interface Dispatch {
  <Result>(thunk: Thunk<Result>): Result;
  <Action extends AnyAction>(action: Action): Action & Partial<RefusedAction>;
}

export interface StorageStatus {
  backend: 'indexeddb' | 'memory';
  /** The last failure, until a write succeeds. web/STORAGE.md says what each code means; a host's hook may bring others. */
  error: null | { code: StorageErrorCode; message: string };
  files: number;
  bytes: number;
  standby: StandbyStatus;
  /** What was found when the store was opened; null when everything was there. */
  incident: StorageIncident | null;
  /** null: what is on the device can be read by whoever has the device. */
  seal: SealStatus | null;
  /** Whether the browser promised not to evict this origin; null before it was asked. */
  persisted: boolean | null;
}

/** See web/STORAGE.md. */
export type StorageErrorCode = 'quota' | 'connection-lost' | 'aborted' | 'blocked' | 'newer' | 'stuck' | 'unavailable' | 'unknown';
/** An item that is kept although something is wrong with it. */
export interface Flag {
  readonly slice: string;
  readonly id: string;
  /** `schema`: it violates the JSON Schema of its slice. `migration`: a step of its migration failed; it is as it was before. */
  readonly reason: 'schema' | 'migration';
  /** Where in the item, as in `.tags[0].name`; '' for the item itself. */
  readonly path: string;
  readonly message: string;
}

export interface SyncMetrics {
  totalOperations: number;
  successfulOperations: number;
  failedOperations: number;
  /** Unix time in milliseconds. */
  lastOperationTime: number | null;
  averageOperationTime: number;
  /** The last 100 durations, in milliseconds. */
  operationTimes: number[];
}

export interface SyncStatus {
  level: 'plain' | 'revisions';
  phase: 'disabled' | 'idle' | 'pushing' | 'pulling' | 'checking' | 'waiting' | 'offline';
  /** null until the server was asked. */
  connected: boolean | null;
  /** Operations that wait to be sent. */
  pending: number;
  /** Operations that wait for a conflict to be resolved. */
  parked: number;
  conflicts: number;
  /** Unix time in milliseconds. */
  lastSyncedAt: number | null;
  lastError: null | { code: string; message: string };
  /** Unix time in milliseconds. */
  nextTryAt: number | null;
  rejected: number;
  /** Edits since the last push that went through. */
  changes: number;
  /** Unix time in milliseconds of the next automatic run; null when none is planned. */
  nextSyncAt: number | null;
  /** As it is in force now. */
  autoSync: AutoSync;
  metrics: SyncMetrics;
}

/** An action that stopped two instances in a row; it was left out so that the rest could go on. */
export interface DeadLetter {
  action: AnyAction;
  /** Unix time in milliseconds. */
  at: number;
  reason: string;
}

/** What the TypeScript side adds to the core's status. */
export interface RuntimeStatus {
  /** How often a fresh instance had to replace a dead one. */
  restarts: number;
  isRecovering: boolean;
  /** Actions that wait for the core to be ready. */
  queued: number;
  /** Bytes of actions kept for a replay. */
  replayBytes: number;
  /** Actions that the replay ring had to drop before they were durable. */
  replayDropped: number;
  deadLetters: readonly DeadLetter[];
}

export interface CoreStatus {
  phase: 'opening' | 'ready' | 'closing' | 'closed' | 'failed';
  seq: number;
  /** Commits up to this number were put into a transaction. */
  handedSeq: number;
  /** A commit is durable when its seq is not greater. */
  durableSeq: number;
  strictSeq: number;
  unsavedCommits: number;
  save: 'memory' | 'saving' | 'saved' | 'problem';
  storage: StorageStatus;
  durability: DurabilityStatus;
  schema: SchemaStatus;
  recovery: { items: number; commits: number; tornBytes: number; damagedRecords: number };
  tabs: TabsStatus;
  sync: SyncStatus;
  runtime: RuntimeStatus;
  backups: BackupStatus;
}

export interface ImportReport {
  /** Which format it was. */
  format: 'codeforge-project' | 'seed' | 'workflow' | 'flask-export' | 'trees';
  /** Items per slice. */
  counts: Partial<Record<SliceName, number>>;
  /** Members without a slice of their own; they are kept under `attachments` of the project. */
  kept: string[];
  /** What could not be taken, by name and reason. */
  problems: string[];
}

export interface ProjectExport {
  format: 'codeforge-project';
  version: 1;
  /** The schema number of the items; 1 when absent. */
  schema?: number;
  /** ISO 8601. */
  exportedAt: string;
  /** By slice the slice's state. */
  slices: Record<string, unknown>;
}

/**
 * A store as Redux has it, and what persistence, sync and undo add.
 *
 * @example
 * const stop = core.subscribe(() => console.log(core.getState().files.files.length));
 * const stopStatus = core.onStatus(() => console.log(core.status().save));
 * const { error } = core.dispatch(files.updateItem({ id: 'a', content: 'x' }));
 * core.read('files', 'a').content; // 'x'
 * await core.flush({ strict: true }); // on stable storage
 * core.importProject(core.exportProject()).problems; // []
 * stop();
 * stopStatus();
 * await core.close();
 */
export interface Core extends BackupMembers {
  /**
   * Returns the action, as Redux does. A refused action changes nothing, comes back with `error` and goes to onError.
   * A thunk gets (dispatch, getState, core), and its result is returned.
   * An accepted payload becomes part of the state and is frozen.
   */
  readonly dispatch: Dispatch;
  /** The same reference while nothing changed; untouched slices and items keep theirs. Deeply frozen. */
  readonly getState: () => RootState;
  /** Told after a whole batch of changes has been applied. */
  readonly subscribe: (listener: () => void) => () => void;
  /** One item, frozen; undefined when absent. Does not enter WebAssembly once the slice has been read. */
  read<Name extends keyof Items>(slice: Name, id: string): Items[Name] | undefined;
  /**
   * The items whose member `index` has a value, or one in a range: a lookup, in the order of values and then of the
   * items. Indexes are declared: `sliceTable[slice].indexes`, or `indexes` of a custom slice. The index is built at its
   * first query. For one value the same array while nothing in it changed. Throws CoreError when there is no such index.
   * @example
   * core.dispatch({ type: 'files/addItem', payload: { id: 'f1', name: 'a.ts', path: '/src/a.ts', content: '', language: 'ts', updatedAt: 0 } });
   * core.query('files', 'path', '/src/a.ts'); // [{ id: 'f1', … }]
   * core.query('files', 'name', { lower: 'a', upper: 'b', upperOpen: true }); // all that begin with a
   */
  query<Name extends keyof Items>(slice: Name, index: string, value: IndexKey | IndexRange): readonly Items[Name][];
  /**
   * Items that are kept although they violate the schema of their slice (they came from a server or from before the
   * schema) or could not be migrated. Empty without schemas and migrations. The same array while nothing changed.
   * @example
   * for (const { slice, id, path, message } of core.flagged()) console.log(slice, id, path, message);
   */
  flagged(): readonly Flag[];
  /** Action creators of the custom slices, by slice. */
  readonly actions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Commits with what they changed, and other moments' states, for DevTools. */
  readonly [inspect]: CoreInspection;
  /**
   * Throws CoreError `unsupported`: the reducers are compiled into the core. Slices of your own are options of createCore.
   * @example
   * try { core.replaceReducer(); } catch ({ code }) { console.log(code); } // unsupported
   */
  replaceReducer(): never;
  [Symbol.observable](): Observable;
  /** Resolves when the store has been recovered from the device. Rejects with CoreError when that failed. */
  readonly ready: Promise<void>;
  /** Resolves when every commit so far is durable. Rejects with CoreError when the storage failed. */
  flush(options?: { strict?: boolean }): Promise<void>;
  /** The same reference while nothing changed. */
  readonly status: () => CoreStatus;
  /** Told when the status changed, not of every edit. Answers how to stop. */
  readonly onStatus: (listener: () => void) => () => void;
  readonly sync: SyncControl;
  readonly storage: StorageControl;
  /**
   * How far the edits of one item have come; null for a store in memory. Costs nothing until it is first asked.
   *
   * @example
   * const core = await createCore({ name: 'shop' });
   * core.dispatch(files.addFile({ id: 'a', name: 'a', content: '', language: 'text', path: '/a', updatedAt: 0 }));
   * await core.flush();
   * console.log(core.durability('files', 'a'));
   */
  durability(slice: SliceName, id: string): DurabilityLevel | null;
  /**
   * Takes back this session's last edit, or group of edits. What others have changed since stays; it is in the answer. null:
   * there was nothing to undo.
   * @example
   * core.dispatch(files.updateItem({ id: 'a', content: 'oops' }));
   * core.undo(); // { type: 'files/updateItem', items: [{ slice: 'files', id: 'a' }], withdrawn: [] }
   * core.redo();
   */
  readonly undo: () => HistoryMove | null;
  /** Does again what undo() took back last. A new edit ends that possibility. */
  readonly redo: () => HistoryMove | null;
  /** What undo() and redo() would do. The same reference while nothing changed; `subscribe` tells of changes. */
  readonly history: HistoryView;
  /**
   * Runs `edits`, a synchronous function; what it dispatches is one undo step. When it throws, its edits are taken back, and
   * the error goes on. Inside of another transaction it is part of that one.
   * @example
   * core.transaction(() => {
   *   core.dispatch(files.removeItem('a'));
   *   core.dispatch(files.addItem({ id: 'b', name: 'b.ts', content: '', language: 'ts', path: '/', updatedAt: 1 }));
   * });
   */
  readonly transaction: <Result>(edits: () => Result) => Result;
  /**
   * The edits that the server refused: the oldest first. The same reference while nothing changed. The actions
   * `sync/retryRejected` and `sync/discardRejected` with `{ key }` deal with one.
   */
  readonly rejected: readonly RejectedEdit[];
  /**
   * Tells of every edit that the server refuses from now on, and why. Answers the function that ends it.
   * @example
   * const stop = core.onRejected(({ id, reason, isRolledBack }) => console.log(id, reason, isRolledBack));
   */
  readonly onRejected: (listener: (edit: RejectedEdit) => void) => () => void;
  /** Flushes and closes. Everything afterwards is refused with `closed`. */
  close(): Promise<void>;
}

/** What RxJS and others take for an observable. */
export interface Observable {
  /**
   * Tells the state at once and then each new one.
   * @example
   * const { unsubscribe } = core[Symbol.observable ?? '@@observable']().subscribe({ next: (state) => console.log(state.files.files.length) });
   * unsubscribe();
   */
  subscribe(observer: { next?: (state: RootState) => void }): { unsubscribe(): void };
  [Symbol.observable](): Observable;
}

declare global {
  interface SymbolConstructor {
    readonly observable: unique symbol;
  }
}
