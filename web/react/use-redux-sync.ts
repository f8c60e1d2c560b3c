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
  /** Pushes what waits. Answers when it was done: Unix time in milliseconds. */
  syncToFlask(): Outcome<number>;
  /** Pulls; edits that are not pushed are kept. */
  syncFromFlask(): Outcome<number>;
  /** Asks for the server's statistics; `flaskConnected` and `flaskStats` follow. */
  checkConnection(): Outcome<FlaskStats>;
  /** Empties the server; what is here stays. */
  clearFlaskData(): Outcome<void>;
  /** `status` is `idle` again, and `error` null. */
  reset(): void;
}

/**
 * The state of the sync with the Flask API, and its operations. Asks once, when mounted, whether the server answers.
 * Automatic pushes are the core's, one loop for all components.
 *
 * @example
 * import { useEffect } from 'react';
 * const { status, flaskConnected, syncToFlask, syncFromFlask, checkConnection, clearFlaskData, reset } = useReduxSync();
 * useEffect(() => {
 *   core.sync.configure({ flaskApiUrl: 'http://localhost:5001' });
 *   void checkConnection().then(syncToFlask).then(syncFromFlask).then(clearFlaskData).then(reset);
 * }, []);
 * return <p>{status}, {flaskConnected ? 'connected' : 'away'}</p>;
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
