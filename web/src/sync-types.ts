// The public types of sync's settings.
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
