// useReduxSync(): the state of the sync with the Flask API, and its operations.
import { useEffect, useMemo } from 'react';
import { sync, type FlaskStats, type FulfilledAction, type RejectedAction } from 'codeforge-core';
import { useCore } from './context.js';
import { useCoreSelector } from './use-core-selector.js';

type Outcome<Returned> = Promise<FulfilledAction<Returned, undefined> | RejectedAction<undefined>>;

export interface ReduxSync {
  status: 'idle' | 'syncing' | 'success' | 'error';
  /** Unix time in milliseconds. */
  lastSyncedAt: number | null;
  flaskConnected: boolean;
  flaskStats: FlaskStats | null;
  error: string | null;
  syncToFlask(): Outcome<number>;
  syncFromFlask(): Outcome<number>;
  checkConnection(): Outcome<FlaskStats>;
  clearFlaskData(): Outcome<void>;
  reset(): void;
}

/**
 * The state of the sync with the Flask API, and its operations. Asks once, when mounted, whether the server answers.
 * Automatic pushes are the core's, one loop for all components.
 *
 * @example
 * const { status, flaskConnected, syncToFlask } = useReduxSync();
 */
export function useReduxSync(): ReduxSync {
  const core = useCore();
  const { dispatch } = core;
  const state = useCoreSelector((root) => root.sync);
  const run = useMemo(() => ({
    syncToFlask: () => dispatch(sync.syncToFlaskBulk()),
    syncFromFlask: () => dispatch(sync.syncFromFlaskBulk()),
    checkConnection: () => dispatch(sync.checkConnection()),
    clearFlaskData: () => dispatch(sync.clearFlask()),
    reset: () => void dispatch(sync.resetSyncStatus()),
  }), [dispatch]);
  useEffect(() => {
    if (core.status().sync.phase !== 'disabled') void run.checkConnection();
  }, [core, run]);
  const { status, lastSyncedAt, flaskConnected, flaskStats, error } = state;
  return { status, lastSyncedAt, flaskConnected, flaskStats, error, ...run };
}
