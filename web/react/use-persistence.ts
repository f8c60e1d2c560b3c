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
  flush(): Promise<void>;
  configure(slice: string, config: Partial<PersistenceConfig>): void;
  enable(slice: string): void;
  disable(slice: string): void;
  resetMetrics(): void;
  configureAutoSync(config: Partial<AutoSync>): void;
  /** Rejects with CoreError when the push failed. */
  syncNow(): Promise<void>;
}

const kTickMs = 1000;

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
