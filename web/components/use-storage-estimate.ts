// What the browser tells about the room of this origin, and whether it may clear it.
import { useCallback, useEffect, useState } from 'react';
import { useCoreStatus } from 'codeforge-core/react';

export interface StorageEstimate {
  /** Bytes of everything that this origin stores. */
  readonly usage: number;
  /** Bytes that the browser would grant. */
  readonly quota: number;
  /** Whether the browser keeps it when it runs out of room. */
  readonly isPersisted: boolean;
}

const storageOf = (): Navigator['storage'] | undefined => (typeof navigator === 'undefined' ? undefined : navigator.storage);

/**
 * @returns undefined until it is known, and where the browser does not tell (no secure context);
 *   `ask` requests permanence and answers whether it was given.
 */
export function useStorageEstimate(): { estimate: StorageEstimate | undefined; ask: () => Promise<boolean> } {
  const [estimate, setEstimate] = useState<StorageEstimate>();
  const { storage } = useCoreStatus();
  const look = useCallback(async () => {
    const browser = storageOf();
    if (!browser?.estimate) return undefined;
    const [{ usage = 0, quota = 0 }, isPersisted] = await Promise.all([browser.estimate(), browser.persisted()]);
    return { usage, quota, isPersisted };
  }, []);
  useEffect(() => {
    let isCurrent = true;
    look().then((next) => { if (isCurrent) setEstimate(next); }, () => {});
    return () => { isCurrent = false; };
  // Each completed save may have changed it.
  }, [look, storage.bytes]);
  const ask = useCallback(async () => {
    const isGranted = (await storageOf()?.persist()) ?? false;
    setEstimate(await look());
    return isGranted;
  }, [look]);
  return { estimate, ask };
}
