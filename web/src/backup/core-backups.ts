// Export, import and backups as members of the core. What is not needed at every start is loaded when it first is.
import { CoreError } from '../errors.js';
import type { CoreModule } from '../core-module.js';
import type { ItemRules } from '../item-rules.js';
import { exportProject } from '../project-export.js';
import { importProject } from '../project-import.js';
import type { SliceSet } from '../slice-set.js';
import type { Core, CoreConfig } from '../types.js';
import type { Vault } from '../vault/vault.js';
import type { BackupKeeper } from './backup-keeper.js';
import type { BackupMembers, BackupOptions, BackupStatus, ImportOptions, ImportSource } from './types.js';

/** For how long a store is open before its clock is looked at, and how often then. */
const kTickMs = 60_000;

export interface BackupHost {
  readonly core: Core;
  readonly options: BackupOptions | false | undefined;
  readonly config: CoreConfig;
  readonly slices: SliceSet;
  readonly rules: ItemRules | undefined;
  readonly vault: Vault | undefined;
  changed(): void;
  report(error: CoreError): void;
}

/** Throws CoreError. */
function checked(given: BackupOptions | false = {}): Required<BackupOptions> {
  const options = { everyMs: 3_600_000, keep: 5, keepDays: 7, maxBytes: 64 << 20, ...given };
  for (const [name, value] of Object.entries(options)) {
    const least = name === 'everyMs' ? 1000 : 0;
    if (!Number.isInteger(value) || value < least)
      throw new CoreError('malformed-payload', `createCore: backups.${name} is ${JSON.stringify(value)}; it must be a whole number of at least ${least}`);
  }
  return options;
}

export class CoreBackups {
  readonly #host: BackupHost;
  readonly #options: Required<BackupOptions>;
  #keeper: Promise<BackupKeeper> | undefined;
  status: BackupStatus;

  /** Gives the core its members. Throws CoreError when the options cannot be. */
  constructor(host: BackupHost) {
    this.#host = host;
    const { everyMs, keep, keepDays } = (this.#options = checked(host.options));
    const planned = host.options === false || host.config.storage === 'memory' ? null : everyMs;
    this.status = { place: null, isBusy: false, everyMs: planned, keep, keepDays, count: 0, bytes: 0, lastAt: null, lastSeq: 0, nextAt: null, error: null };
    const { core, slices, rules } = host;
    const kept = (['list', 'create', 'restore', 'download', 'remove'] as const).map((name) =>
      [name, async (value: string): Promise<unknown> => (await this.#load())[name](value)]);
    const members: { [Name in keyof BackupMembers]: unknown } = {
      importProject: (json: unknown) => importProject(core, json, slices, rules),
      exportProject: () => exportProject(core.getState(), core.status().schema.level),
      exportAll: async (options?: { gzip?: boolean }) => {
        const [state, rejected] = [core.getState(), core.rejected];
        return (await this.#load()).exportAll(state, rejected, options);
      },
      importAll: async (source: ImportSource, options?: ImportOptions) => (await this.#load()).importAll(source, options),
      backups: Object.freeze(Object.fromEntries(kept)),
    };
    Object.assign(core, members);
  }

  /** The core runs for the first time. */
  start(): void {
    if (this.status.everyMs === null) return;
    const tickMs = Math.min(kTickMs, this.#options.everyMs);
    const timer = setTimeout(() => this.#load().then((keeper) => keeper.watch(tickMs), () => {}), tickMs);
    (timer as { unref?: () => void }).unref?.(); // Node would wait for it
  }

  /** A migration is about to change the items. A backup that fails is reported, and keeps nobody waiting. */
  beforeMigration(module: CoreModule): Promise<void> | undefined {
    if (this.status.everyMs === null) return undefined;
    return this.#load().then((keeper) => keeper.beforeMigration(module)).catch(this.#host.report);
  }

  #load(): Promise<BackupKeeper> {
    return (this.#keeper ??= import('./backup-keeper.js').then(({ BackupKeeper }) => new BackupKeeper({
      ...this.#host, limits: this.#options,
      tell: (changes) => {
        this.status = { ...this.status, ...changes };
        this.#host.changed();
      },
    }), (error: unknown) => {
      this.#keeper = undefined;
      throw new CoreError('unavailable', `a part of the program could not be loaded: ${String(error)}`, { cause: error });
    }));
  }
}
