// The public types of sync: its settings and its commands.
import type { FlaskStats } from './generated/slices.js';
import type { SyncStatus } from './types.js';

export interface AutoSync {
  enabled: boolean;
  /** Time between two automatic runs (push what waits, then pull), in milliseconds; 100 at least. */
  intervalMs: number;
  /** Push an item when its edits rest (SliceSync.debounceMs), or everything as soon as `maxQueueSize` edited items wait. */
  syncOnChange: boolean;
  maxQueueSize: number;
}

/** How a slice goes over the network. What is dispatched is safe on the device whatever is set here. */
export interface SliceSync {
  /** false: edits of the slice wait in the outbox until it is true again. */
  enabled: boolean;
  /** false: the slice is neither pushed nor pulled. */
  syncToFlask: boolean;
  /**
   * Automatic pushes wait so long for an item's edits to rest, in milliseconds, 0 to 86,400,000; at most 1 s
   * after the first edit, or `debounceMs` where that is longer. Default 300.
   */
  debounceMs: number;
  /** Items of one request, 1 to 500. Default 10, and 500 where more than 100 wait. */
  batchSize: number;
}

/** What sync.configure() takes; what is absent stays as it is. Applies at once, also to what runs. */
export interface SyncOptions {
  flaskApiUrl?: string | null;
  /** `enabled` or `intervalMs` null: as `state.settings` says from now on. */
  autoSync?: { [Name in keyof AutoSync]?: AutoSync[Name] | (Name extends 'enabled' | 'intervalMs' ? null : never) };
  /** By slice. */
  slices?: Readonly<Record<string, Partial<SliceSync>>>;
}

export interface PushResult {
  pushed: number;
  deleted: number;
  conflicts: number;
}

export interface PullResult {
  pulled: number;
  removed: number;
  kept: number;
  conflicts: number;
}

/**
 * `core.sync`. Where nothing else is said the promises reject as that of push().
 *
 * @example
 * core.sync.configure({ flaskApiUrl: 'http://localhost:5001', autoSync: { enabled: false }, slices: { files: { debounceMs: 500 } } });
 * await core.sync.check(); // true
 * const { pushed } = await core.sync.push();
 * const { pulled, conflicts } = await core.sync.pull();
 * (await core.sync.stats()).totalKeys; // 2
 * core.sync.status().pending; // 0
 * core.sync.resetMetrics();
 * await core.sync.retry();
 * await core.sync.clear();
 */
export interface SyncControl {
  /** Sends what waits. Rejects with CoreError `offline`, `timeout`, `server`, `rejected`, `no-server` or `closed`. */
  push(): Promise<PushResult>;
  /** Fetches everything; what has not been pushed is kept, a divergence becomes a conflict. */
  pull(): Promise<PullResult>;
  /** Whether the server answers. */
  check(): Promise<boolean>;
  /** How much the server has. Rejects as push() does. */
  stats(): Promise<FlaskStats>;
  /** Empties the server. */
  clear(): Promise<void>;
  /** Tries again at once what waits for its next try. */
  retry(): Promise<void>;
  /** `core.status().sync`. */
  status(): SyncStatus;
  /** Throws CoreError `malformed-payload` or `unknown-slice`; nothing is changed then. */
  configure(options: SyncOptions): void;
  /** Counts and durations start anew. */
  resetMetrics(): void;
}
