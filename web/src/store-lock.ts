// One writer for a store: an exclusive Web Lock, held until the core is closed or its page is gone.
// Two cores on one log would overwrite each other's segments.
import { CoreError } from './errors.js';

/** A page that is being reloaded gives its lock back within this time, in milliseconds. */
const kWaitMs = 5000;

/**
 * Resolves with the function that gives the lock back. Rejects with CoreError `in-use` when another
 * page keeps the store open. Where there are no Web Locks (Node 20) there is nothing to wait for.
 */
export async function lockStore(name: string): Promise<() => void> {
  const locks = (globalThis.navigator as Navigator | undefined)?.locks;
  if (locks === undefined) return () => {};
  return new Promise((resolve, reject) => {
    const held = (): Promise<void> => new Promise((release) => resolve(release));
    locks.request(`codeforge-core:${name}`, { signal: AbortSignal.timeout(kWaitMs) }, held).catch(() =>
      reject(new CoreError('in-use', `the store "${name}" is open in another tab; close it there first`)));
  });
}
