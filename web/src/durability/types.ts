// Public types of durability: how far an edit has come, the standby copy, and what happened to a store.
import type { Encryption } from '../vault/types.js';

/**
 * How far an edit has come, from the least to the most:
 * - `dispatched`: in memory, and in a ring outside of WebAssembly's; survives a restart of the core
 * - `handed-over`: put into a transaction; survives the end of the page
 * - `complete`: the transaction completed; survives a killed browser
 * - `strict`: on stable storage; survives a power failure
 * - `mirrored`: in the standby copy too; survives the loss of the browser's database
 * - `acknowledged`: the server has it; survives the loss of the device
 * - `backed-up`: the server says that a verified backup has it. No server does so yet.
 */
export type DurabilityLevel = 'dispatched' | 'handed-over' | 'complete' | 'strict' | 'mirrored' | 'acknowledged' | 'backed-up';

/**
 * The whole store: the level that every edit has reached, and the number of the last commit at each level.
 *
 * @example
 * const core = await createCore({ name: 'shop' });
 * const { level, dispatched, complete } = core.status().durability;
 * console.log(level, dispatched - complete);
 */
export interface DurabilityStatus {
  /** null for a store in memory. */
  level: DurabilityLevel | null;
  dispatched: number;
  handedOver: number;
  complete: number;
  strict: number;
  mirrored: number;
}

export interface StandbyStatus {
  /** A storage bucket of its own, the origin's private files, or no place at all. */
  kind: 'bucket' | 'opfs' | 'none';
  /** `starting` until the first look; `none`: this browser offers no second place; `failed`: see `error`, it is tried again. */
  state: 'starting' | 'behind' | 'current' | 'failed' | 'none';
  /** The copy has every commit up to this number. */
  seq: number;
  /** When it was last brought up to date: Unix time in milliseconds. */
  at: number | null;
  error: { code: 'quota' | 'unknown'; message: string } | null;
}

/**
 * What was found at the start: less than was there before, and what became of it.
 *
 * @example
 * const core = await createCore({ name: 'shop', onIncident: ({ cause, lost }) => console.log(cause, lost) });
 */
export interface StorageIncident {
  /** `wiped`: the store was empty. `rolled-back`: its last commits were missing. `damaged`: records could not be read. */
  cause: 'wiped' | 'rolled-back' | 'damaged';
  /** `total`: Chromium threw the database away. `unreadable`: the browser could not open it, so the core did. Else `none`. */
  dataLoss: string;
  /** Unix time in milliseconds. */
  at: number;
  /** Where the files were restored from; null when there was no better copy. */
  restoredFrom: 'bucket' | 'opfs' | null;
  /** Items and later commits that were read after the repair. */
  items: number;
  commits: number;
  /** The last commit that this device knew to be durable, and the last one that is there now. */
  expectedSeq: number;
  seq: number;
  /** Commits known to be durable once that are not there now. 0 when everything was restored. */
  lost: number;
  /** Records that still cannot be read. */
  damaged: number;
  /** Operations that waited for the server when the store was last seen. */
  unsynced: number;
  /** Files put aside unread, so that nothing is thrown away. */
  quarantined: number;
  /** `needed`: nothing is sent or fetched until `core.storage.decide()` is called. */
  decision: 'none' | 'needed' | 'start-empty' | 'take-server';
}

/** What the browser gives this origin, in bytes. */
export interface StorageEstimate {
  usage: number;
  quota: number;
  /** The browser does not evict this origin by itself. */
  persisted: boolean;
}

/**
 * What the browser gives this origin, and what becomes of a store that it took away.
 *
 * @example
 * const core = await createCore({ name: 'shop' });
 * const { usage, quota, persisted } = await core.storage.estimate();
 * console.log(`${usage} of ${quota} bytes${persisted ? ', kept for good' : ''}`);
 * if (!persisted) await core.storage.persist();
 * if (core.status().storage.incident?.decision === 'needed') await core.storage.decide('take-server');
 * await core.close();
 */
export interface StorageControl {
  /** Usage and quota of the whole origin. Zeros where the browser does not tell. */
  estimate(): Promise<StorageEstimate>;
  /** Asks the browser never to evict this origin. Some browsers ask the user. True when granted. */
  persist(): Promise<boolean>;
  /**
   * After a wipe without a copy (`status().storage.incident.decision` is `needed`): `take-server` connects and
   * fetches everything, `start-empty` connects and goes on with what is here. Rejects with CoreError
   * `unsupported` when there is nothing to decide, and with the pull's error when fetching fails.
   */
  decide(choice: 'start-empty' | 'take-server'): Promise<void>;
  /**
   * Another passphrase or key for a sealed store. Nothing else is written again. Rejects with CoreError `unsupported` when the
   * store is not sealed, and `malformed-payload` when this is neither a passphrase nor a key.
   *
   * @example
   * const core = await createCore({ name: 'private-notes', encryption: { passphrase: 'old' } });
   * await core.storage.rekey({ passphrase: 'new' });
   */
  rekey(encryption: Encryption): Promise<void>;
}
