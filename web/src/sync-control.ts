// `core.sync`: the commands of the sync engine as promises.
import { CoreError } from './errors.js';
import type { FlaskStats } from './generated/slices.js';
import type { TicketResult } from './instance.js';
import type { AutoSync, CoreStatus, PullResult, PushResult, SyncControl, SyncStatus } from './types.js';

export interface SyncHost {
  /** Waits for ready, runs the command, answers what its ticket completes with. */
  command(name: 'push' | 'pull' | 'check' | 'stats' | 'clear' | 'retry'): Promise<TicketResult>;
  configure(options: { flaskApiUrl?: string | null; autoSync?: Partial<AutoSync> }): void;
  status(): CoreStatus;
}

/** The answers of a server that cannot be reached, or that is not the one we expect. */
const kUnreachable = new Set(['offline', 'timeout', 'server', 'rejected']);

export class CoreSync implements SyncControl {
  readonly #host: SyncHost;

  constructor(host: SyncHost) {
    this.#host = host;
  }

  async push(): Promise<PushResult> {
    const { pushed = 0, deleted = 0, conflicts = 0 } = await this.#host.command('push');
    return { pushed, deleted, conflicts };
  }

  async pull(): Promise<PullResult> {
    const { pulled = 0, removed = 0, kept = 0, conflicts = 0 } = await this.#host.command('pull');
    return { pulled, removed, kept, conflicts };
  }

  async check(): Promise<boolean> {
    try {
      await this.#host.command('check');
      return true;
    } catch (error) {
      if (error instanceof CoreError && kUnreachable.has(error.code)) return false;
      throw error;
    }
  }

  async stats(): Promise<FlaskStats> {
    const { stats = {} } = await this.#host.command('stats');
    return {
      totalKeys: Number(stats.totalKeys ?? stats.total_keys ?? 0),
      totalSizeBytes: Number(stats.totalSizeBytes ?? stats.total_size_bytes ?? 0),
    };
  }

  async clear(): Promise<void> {
    await this.#host.command('clear');
  }

  async retry(): Promise<void> {
    await this.#host.command('retry');
  }

  status(): SyncStatus {
    return this.#host.status().sync;
  }

  configure(options: { flaskApiUrl?: string | null; autoSync?: Partial<AutoSync> }): void {
    this.#host.configure(options);
  }
}
