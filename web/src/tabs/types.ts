// What a page shows of the other tabs that have its store open.

export interface TabsStatus {
  /**
   * `writer`: this tab has the store's lock, the log and the server. `follower`: another one has; edits here are shown at
   * once, sent to it, and saved by it. `alone`: a store in memory, or an environment without Web Locks.
   */
  role: 'writer' | 'follower' | 'alone';
  /**
   * Of a follower: `missing` while no writer has answered (at a start, and for a moment when one takes over), `unresponsive`
   * when it has not answered for ten seconds. Edits wait for it meanwhile, and are kept for the next start as well.
   */
  writer: 'alive' | 'missing' | 'unresponsive';
  /** This tab's session; see `CoreOptions.session`. */
  session: string;
  /** How many other tabs take part. */
  others: number;
  /** Edits of a follower that the writer has not yet put into the order of all. */
  pending: number;
  /** Another tab has a different version of the application: it should be reloaded. Edits of it are not seen here until then. */
  otherVersion: boolean;
  /** Messages that were not understood, and left alone. */
  dropped: number;
}

/** What the core itself says of the tabs. */
export interface KnownTabs extends Pick<TabsStatus, 'role' | 'writer' | 'others' | 'pending'> {
  /** How far the edits of the instance before this one are in the store, in its numbers. */
  before: number;
  /** The last commit of earlier writers that a writer began with. */
  reached: number;
}

export const aloneTabs: KnownTabs = { role: 'alone', writer: 'alive', others: 0, pending: 0, before: 0, reached: 0 };
