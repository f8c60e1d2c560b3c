// What the browser tells about the room of this origin, and whether it may clear it.
import { useCallback, useEffect, useState } from 'react';
import type { StorageEstimate } from 'codeforge-core';
import { useCore, useCoreStatus } from 'codeforge-core/react';

/**
 * @returns undefined until it is known, and where the browser does not tell; `ask` requests permanence and answers whether it was given.
 */
export function useStorageEstimate(): { estimate: StorageEstimate | undefined; ask: () => Promise<boolean> } {
  const core = useCore();
  const [estimate, setEstimate] = useState<StorageEstimate>();
  const { storage } = useCoreStatus();
  useEffect(() => {
    let isCurrent = true;
    core.storage.estimate().then((next) => { if (isCurrent && next.quota > 0) setEstimate(next); }, () => {});
    return () => { isCurrent = false; };
  // Each completed save may have changed it.
  }, [core, storage.bytes, storage.persisted]);
  const ask = useCallback(async () => {
    const isGranted = await core.storage.persist();
    setEstimate(await core.storage.estimate());
    return isGranted;
  }, [core]);
  return { estimate, ask };
}
