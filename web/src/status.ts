// The status: the core's own, or what stands for it before an instance has told one, and ours beside it.
import type { BackupStatus } from './backup/types.js';
import type { CrashRecovery } from './crash-recovery.js';
import { freezeDeep } from './json-check.js';
import { Listeners } from './listeners.js';
import type { ReplayRing } from './replay-ring.js';
import type { Durability } from './durability/durability.js';
import { aloneTabs, type KnownTabs, type TabsStatus } from './tabs/types.js';
import type { CoreStatus } from './types.js';

export type ClientPhase = 'opening' | 'running' | 'recovering' | 'closing' | 'closed' | 'failed';

/** What the core itself says. */
export type KnownStatus = Omit<CoreStatus, 'runtime' | 'durability' | 'backups' | 'tabs'> & { tabs: KnownTabs };

/** What the page knows of the other tabs. */
export type TabsSeen = Pick<TabsStatus, 'session' | 'otherVersion' | 'dropped'>;

export function composeStatus(
  known: KnownStatus, phase: ClientPhase, recovery: CrashRecovery, ring: ReplayRing, queued: number, durability: Durability,
  backups: BackupStatus, seen: TabsSeen,
): CoreStatus {
  const isRecovering = phase === 'recovering';
  const { role, writer, others, pending } = known.tabs;
  return freezeDeep({
    ...known,
    ...durability.compose(known),
    backups,
    tabs: { role, writer, others, pending, ...seen },
    phase: isRecovering ? 'opening' : phase === 'failed' || phase === 'closed' || phase === 'closing' ? phase : known.phase,
    runtime: {
      restarts: recovery.restarts,
      isRecovering,
      queued,
      replayBytes: ring.bytes,
      replayDropped: ring.dropped,
      deadLetters: [...recovery.deadLetters],
    },
  });
}

export function openingStatus(backend: 'indexeddb' | 'memory'): KnownStatus {
  return {
    phase: 'opening', seq: 0, handedSeq: 0, durableSeq: 0, strictSeq: 0, unsavedCommits: 0, save: backend === 'memory' ? 'memory' : 'saved',
    storage: { backend, error: null, files: 0, bytes: 0 } as CoreStatus['storage'],
    tabs: aloneTabs,
    schema: { known: 1, version: 1, level: 1, pending: 0, readOnly: false },
    recovery: { items: 0, commits: 0, tornBytes: 0, damagedRecords: 0 },
    sync: {
      level: 'plain', phase: 'disabled', connected: null, pending: 0, parked: 0, conflicts: 0, lastSyncedAt: null,
      lastError: null, nextTryAt: null, rejected: 0, changes: 0, nextSyncAt: null,
      autoSync: { enabled: true, intervalMs: 30_000, syncOnChange: false, maxQueueSize: 50 },
      metrics: { totalOperations: 0, successfulOperations: 0, failedOperations: 0, lastOperationTime: null, averageOperationTime: 0, operationTimes: [] },
    },
  };
}

export interface StatusHost {
  compose(): CoreStatus;
  /** Whether changes are told now. */
  isTold(): boolean;
  /** What has to follow a change before the listeners do. */
  changed(status: CoreStatus): void;
  tell(listeners: Listeners): void;
}

/** The status, composed when somebody asks, and told once for all that a turn changes. */
export class StatusNews {
  readonly listeners = new Listeners();
  readonly #host: StatusHost;
  #present: CoreStatus | undefined;
  #isDue = false;

  constructor(host: StatusHost) {
    this.#host = host;
  }

  get(): CoreStatus {
    return (this.#present ??= this.#host.compose());
  }

  /** It may be another; nobody needs to hear. */
  forget(): void {
    this.#present = undefined;
  }

  /** It is another. Told after the state's listeners: whoever looks at both sees the state that the status speaks of. */
  changed(): void {
    this.forget();
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      if (!this.#host.isTold()) return;
      this.#host.changed(this.get());
      this.#host.tell(this.listeners);
    });
  }
}
