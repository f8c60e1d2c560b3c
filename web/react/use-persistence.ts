// usePersistence(): what a dashboard shows of persistence and sync, and its controls.
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { AutoSync } from 'codeforge-core';
import { persistenceOf, type AutoSyncStatus, type MetricsView, type PersistenceConfig } from 'codeforge-core/persistence';
import { useCore } from './context.js';
import { useCoreSelector, useCoreStatus } from './use-core-selector.js';

export interface UsePersistence {
  status: {
    /** False when everything is kept in memory only. */
    enabled: boolean;
    /** Unix time in milliseconds. */
    lastSyncTime: number | null;
    syncStatus: 'idle' | 'syncing' | 'success' | 'error';
    error: string | null;
    flaskConnected: boolean;
  };
  metrics: MetricsView;
  /** `nextSyncIn` is brought up to date once a second. */
  autoSyncStatus: AutoSyncStatus;
  /** See Persistence.flushPersistence. */
  flush(): Promise<void>;
  /** See Persistence.configurePersistence. Throws CoreError; nothing is changed then. */
  configure(slice: string, config: Partial<PersistenceConfig>): void;
  /** The slice is sent again, what was edited meanwhile first. */
  enable(slice: string): void;
  /** Nothing of the slice is sent; its edits stay safe on the device. */
  disable(slice: string): void;
  /** Counts and durations start anew. */
  resetMetrics(): void;
  /** See Persistence.configureAutoSync: milliseconds. */
  configureAutoSync(config: Partial<AutoSync>): void;
  /** Rejects with CoreError when the push failed. */
  syncNow(): Promise<void>;
}

const kTickMs = 1000;

/**
 * What a dashboard shows of persistence and sync, and its controls. Renders again with every edit, and once a second.
 *
 * @example
 * import { useEffect } from 'react';
 * const { status, metrics, autoSyncStatus, flush, configure, enable, disable, resetMetrics, configureAutoSync, syncNow } = usePersistence();
 * useEffect(() => {
 *   configure('files', { debounceMs: 500 });
 *   disable('theme');
 *   enable('theme');
 *   configureAutoSync({ enabled: true, intervalMs: 60_000 });
 *   resetMetrics();
 *   void flush();
 * }, []);
 * return <button onClick={() => syncNow()}>{status.syncStatus}, {metrics.totalOperations} requests, next in {autoSyncStatus.nextSyncIn} ms</button>;
 */
export function usePersistence(): UsePersistence {
  const core = useCore();
  const { storage } = useCoreStatus();
  const sync = useCoreSelector((state) => state.sync);
  // The change counter moves with every edit, of which the status does not tell.
  useSyncExternalStore(core.subscribe, core.getState, core.getState);
  const [, tick] = useState(0);
  const controls = persistenceOf(core);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), kTickMs);
    return () => clearInterval(timer);
  }, []);
  // Leaving a page that edits is a good moment; nothing depends on it.
  useEffect(() => () => void core.flush().catch(() => {}), [core]);
  const run = useMemo(() => ({
    flush: controls.flushPersistence, configure: controls.configurePersistence, enable: controls.enablePersistence, disable: controls.disablePersistence,
    resetMetrics: controls.resetSyncMetrics, configureAutoSync: controls.configureAutoSync, syncNow: controls.triggerAutoSync,
  }), [controls]);
  return {
    status: {
      enabled: storage.backend !== 'memory', lastSyncTime: sync.lastSyncedAt, syncStatus: sync.status, error: sync.error, flaskConnected: sync.flaskConnected,
    },
    metrics: controls.getSyncMetrics(), autoSyncStatus: controls.getAutoSyncStatus(), ...run,
  };
}
