// `core.sync`: the commands of the sync engine as promises.
import type { CoreModule } from './core-module.js';
import { CoreError, orReport } from './errors.js';
import type { FlaskStats } from './generated/slices.js';
import type { Ask } from './history.js';
import type { TicketResult } from './instance.js';
import type { CoreConfig, CoreStatus, PullResult, PushResult, SyncControl, SyncOptions, SyncStatus } from './types.js';

export interface SyncHost {
  /** Waits for ready, runs the call, answers what its ticket completes with. */
  ticket(run: (module: CoreModule) => number): Promise<TicketResult>;
  readonly ask: Ask;
  /** Whether nothing may be sent or fetched before somebody decided about a wiped store. */
  isHeld(): boolean;
  readonly config: CoreConfig;
  /** Whether the instance does not run yet, or not again. */
  isOpening(): boolean;
  /** The status may be another one. */
  changed(): void;
  status(): CoreStatus;
}

/** What the sync engine is told while it runs. */
export interface SyncSettings extends SyncOptions {
  online?: boolean;
  visible?: boolean;
  resetMetrics?: true;
}

/** The answers of a server that cannot be reached, or that is not the one we expect. */
const kUnreachable = new Set(['offline', 'timeout', 'server', 'rejected']);

export class CoreSync implements SyncControl {
  readonly #host: SyncHost;
  readonly #early: SyncSettings[] = [];

  constructor(host: SyncHost) {
    this.#host = host;
  }

  async push(): Promise<PushResult> {
    const { pushed = 0, deleted = 0, conflicts = 0 } = await this.#command('push');
    return { pushed, deleted, conflicts };
  }

  async pull(): Promise<PullResult> {
    const { pulled = 0, removed = 0, kept = 0, conflicts = 0 } = await this.#command('pull');
    return { pulled, removed, kept, conflicts };
  }

  async check(): Promise<boolean> {
    try {
      await this.#command('check');
      return true;
    } catch (error) {
      if (error instanceof CoreError && kUnreachable.has(error.code)) return false;
      throw error;
    }
  }

  async stats(): Promise<FlaskStats> {
    const { stats = {} } = await this.#command('stats');
    return {
      totalKeys: Number(stats.totalKeys ?? stats.total_keys ?? 0),
      totalSizeBytes: Number(stats.totalSizeBytes ?? stats.total_size_bytes ?? 0),
    };
  }

  async clear(): Promise<void> {
    await this.#command('clear');
  }

  async retry(): Promise<void> {
    await this.#command('retry');
  }

  status(): SyncStatus {
    return this.#host.status().sync;
  }

  configure({ flaskApiUrl, autoSync, slices }: SyncOptions): void {
    this.tell({
      ...(flaskApiUrl === undefined ? {} : { flaskApiUrl }), ...(autoSync === undefined ? {} : { autoSync }), ...(slices === undefined ? {} : { slices }),
    });
  }

  resetMetrics(): void {
    this.tell({ resetMetrics: true });
  }

  /** What was told before the instance ran. Whoever did is gone, so a refusal goes to `report`. */
  runs(report: (error: CoreError) => void): void {
    for (const settings of this.#early.splice(0)) orReport(() => this.tell(settings), report);
  }

  /** As configure(), and what the page knows of the network and of its visibility. */
  tell(settings: SyncSettings): void {
    const { flaskApiUrl, autoSync, slices, ...rest } = settings;
    const { config, ask } = this.#host;
    if (this.#host.isOpening()) return void this.#early.push(settings);
    const told = {
      ...rest, ...(flaskApiUrl === undefined ? {} : { flaskApiUrl }), ...(autoSync && { autoSync }), ...(slices && { sliceSync: slices }),
      ...(this.#host.isHeld() && { flaskApiUrl: null }),
    };
    const refusal = ask((module) => (module.configure(JSON.stringify(told)) < 0 ? module.error() : undefined));
    if (refusal !== undefined) throw CoreError.from(JSON.parse(refusal) as { code: string; message: string });
    if (flaskApiUrl !== undefined) config.flaskApiUrl = flaskApiUrl;
    Object.assign(config.autoSync, autoSync);
    // For a fresh instance after a trap.
    for (const [name, of] of Object.entries(slices ?? {})) (config.sliceSync ??= {})[name] = { ...config.sliceSync[name], ...of };
    this.#host.changed();
  }

  async #command(name: 'push' | 'pull' | 'check' | 'stats' | 'clear' | 'retry'): Promise<TicketResult> {
    if (this.#host.isHeld() && this.#host.status().phase === 'ready')
      throw new CoreError('undecided', `sync.${name}: the browser wiped this store; core.storage.decide() says how to go on, until then nothing is sent or fetched`);
    return this.#host.ticket((module) => module.sync(JSON.stringify({ do: name })));
  }
}
