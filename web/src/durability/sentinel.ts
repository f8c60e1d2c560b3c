// A note in local storage of how far the log was durable when this store was last seen. It lives in a
// database of its own, so it outlives the store; a store that opens with less than it says was wiped,
// evicted or rolled back.

export interface Sentinel {
  /** The last durable commit that this device knew of. */
  seq: number;
  /** Operations that waited for the server then. */
  unsynced: number;
  /** Unix time in milliseconds. */
  at: number;
  /** The store was found wiped without a copy, and the user has not yet said what to do. */
  isUndecided?: boolean;
}

const keyOf = (name: string): string => `codeforge-core:${name}:sentinel`;

/** Local storage, where there is one that may be used: not in workers, not in Node, not where the user forbids it. */
export function localStorageHere(): Storage | undefined {
  try {
    // Node's own experimental localStorage prints a warning when it is touched.
    return typeof document === 'undefined' ? undefined : globalThis.localStorage;
  } catch {
    return undefined;
  }
}

export function readSentinel(name: string, storage = localStorageHere()): Sentinel | undefined {
  try {
    const { seq, unsynced, at, isUndecided } = JSON.parse(storage?.getItem(keyOf(name)) ?? '{}') as Partial<Sentinel>;
    return Number.isSafeInteger(seq) && seq! > 0 
      ? { seq: seq!, unsynced: Number(unsynced) || 0, at: Number(at) || 0, ...(isUndecided === true && { isUndecided }) }
      : undefined;
  } catch {
    return undefined;
  }
}

export function writeSentinel(name: string, sentinel: Sentinel, storage = localStorageHere()): void {
  try {
    storage?.setItem(keyOf(name), JSON.stringify(sentinel));
  } catch {
    // Full or forbidden: a wipe is then noticed by the standby copy alone.
  }
}
