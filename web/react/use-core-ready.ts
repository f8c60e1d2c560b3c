// useCoreReady(): whether the data are there yet.
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { CoreError, type CoreStatus } from 'codeforge-core';
import { useCore } from './context.js';

export interface CoreReady {
  phase: CoreStatus['phase'];
  /** What the device has is in the state. Before that the state is empty, and what is dispatched waits to be put on top of it. */
  isReady: boolean;
  /** Why the store could not be opened; null while that is not so. */
  error: CoreError | null;
}

/**
 * Whether the data are there yet. Renders again only when that changes. `use(core.ready)` under `<Suspense>` waits for the same.
 *
 * @example
 * const { isReady, error } = useCoreReady();
 * return <p>{error ? error.message : isReady ? 'Here you are' : 'Opening …'}</p>;
 */
export function useCoreReady(): CoreReady {
  const core = useCore();
  const snapshot = useCallback(() => {
    const { phase, runtime } = core.status();
    // While a fresh instance takes the place of a dead one the data stay.
    return phase === 'opening' && runtime.isRecovering ? 'ready' : phase;
  }, [core]);
  const phase = useSyncExternalStore(core.onStatus, snapshot, snapshot);
  const [failure, setFailure] = useState<{ core: typeof core; error: CoreError } | null>(null);
  useEffect(() => {
    let isMounted = true;
    core.ready.catch((error: unknown) => {
      if (isMounted) setFailure({ core, error: error instanceof CoreError ? error : new CoreError('internal', String(error), { cause: error }) });
    });
    return () => void (isMounted = false);
  }, [core]);
  return { phase, isReady: phase !== 'opening' && phase !== 'failed', error: failure?.core === core ? failure.error : null };
}
