// Makes, keeps and restores backups, and carries export and import of everything out. Loaded when the first of it is wanted.
import { CoreError } from '../errors.js';
import type { Imported } from '../import/imported.js';
import type { ItemRules } from '../item-rules.js';
import { putProject, readProject, mergeItems } from '../project-import.js';
import type { Plain } from '../frame.js';
import { schemaSlice } from '../migrator.js';
import type { RejectedEdit } from '../rejected.js';
import type { SliceText } from '../slice-mirror.js';
import type { SliceSet } from '../slice-set.js';
import type { CoreModule } from '../core-module.js';
import type { Core, CoreConfig, CoreStatus, ImportReport } from '../types.js';
import type { Vault } from '../vault/vault.js';
import { openBackupPlace, type BackupPlace } from './backup-place.js';
import { bytesOf, countsOf, fileOf, itemsOf, read, textOf, type FileContent } from './file-text.js';
import { replacing } from './replace.js';
import { madeRoom } from './ring.js';
import type { BackupEntry, BackupOptions, BackupStatus, ImportAllReport, ImportOptions, ImportSource } from './types.js';

export interface KeeperHost {
  readonly core: Core;
  readonly config: CoreConfig;
  readonly slices: SliceSet;
  readonly rules: ItemRules | undefined;
  readonly limits: Required<BackupOptions>;
  readonly vault: Vault | undefined;
  tell(changes: Partial<BackupStatus>): void;
}

/** What a backup is made of, and the last commit in it. */
type Moment = FileContent & { readonly seq: number };

const kMaxReason = 200;
/** Whatever is done with the place, a backup of 64 MiB included, takes less. */
const kWatchdogMs = 60_000;
/** Opening a store waits so long for the backup before a migration. */
const kPatienceMs = 10_000;
/** After a backup that could not be made. */
const kRetryMs = 300_000;

async function inTime<Result>(work: Promise<Result>, limitMs: number, what: string): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new CoreError('storage', `backups: ${what} (${limitMs} ms)`)), limitMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

const asCoreError = (error: unknown): CoreError => {
  if (error instanceof CoreError) return error;
  const { name, message } = error as DOMException;
  return new CoreError('storage', `backups: ${name === 'QuotaExceededError' ? 'there is no room on this device' : `${name}: ${message}`}`, { cause: error });
};

export class BackupKeeper {
  readonly #host: KeeperHost;
  #place: Promise<BackupPlace | undefined> | undefined;
  #isWatched = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(host: KeeperHost) {
    this.#host = host;
  }

  exportAll(state: object, rejected: readonly RejectedEdit[], { gzip = false }: { gzip?: boolean } = {}): Promise<File> {
    const content = this.#moment(state, rejected);
    return bytesOf(content, gzip).then((bytes) => fileOf(bytes, `${content.app}-${new Date(content.at).toISOString().slice(0, 10)}`));
  }

  async importAll(source: ImportSource, { mode = 'merge', dryRun = false, backup = true, finish }: ImportOptions = {}): Promise<ImportAllReport> {
    if (mode !== 'merge' && mode !== 'replace')
      throw new CoreError('malformed-payload', `importAll: mode is ${JSON.stringify(mode)}; it must be "merge" or "replace"`);
    const value = await read(source);
    const project = this.#read(value);
    project.problems.push(...miscounts(value, project));
    if (dryRun) {
      const counts = Object.fromEntries([...project.items].map(([slice, { length }]) => [slice, length] as const).filter(([, length]) => length > 0));
      return { ...reportOf(project), counts, mode, removed: {}, backup: null, undoable: false };
    }
    return this.#import(project, mode, backup ? await this.#before('before-import') : null, finish);
  }

  async list(): Promise<readonly BackupEntry[]> {
    return this.#exclusive((place) => this.#entries(place));
  }

  async create(reason = 'made by hand'): Promise<BackupEntry> {
    if (typeof reason !== 'string' || reason.length > kMaxReason)
      throw new CoreError('malformed-payload', `backups.create: reason must be a string of at most ${kMaxReason} characters`);
    const moment = this.#now();
    return this.#exclusive((place) => this.#make(place, moment, 'manual', reason));
  }

  async restore(id: string): Promise<ImportAllReport> {
    const { value, entry } = await this.#verified(id);
    const project = this.#read(value);
    const [wrong] = miscounts(value, project);
    if (wrong !== undefined) throw new CoreError('damaged', `backups: ${id}: ${wrong}`);
    const report = await this.#import(project, 'replace', await this.#before('before-restore', entry.id));
    // Of a wiped store this is the decision: it goes on with what is here now. What the server has otherwise becomes a conflict.
    const { core } = this.#host;
    if (core.status().storage.incident?.decision === 'needed') await core.storage.decide('start-empty');
    return report;
  }

  async download(id: string): Promise<File> {
    const { bytes, entry } = await this.#verified(id);
    return fileOf(bytes as Uint8Array<ArrayBuffer>, `${this.#host.config.name}-${new Date(entry.at).toISOString().slice(0, 19).replace(/:/g, '')}`);
  }

  async remove(id: string): Promise<void> {
    await this.#exclusive(async (place) => {
      await this.#entryOf(place, id);
      await place!.remove([id]);
      await this.#entries(place);
    });
  }

  /** From now on, at every `tickMs`, looks whether it is time. */
  watch(tickMs: number): void {
    this.#isWatched = true;
    const timer = setInterval(() => void this.#look(timer), tickMs);
    (timer as { unref?: () => void }).unref?.(); // Node would wait for it
    void this.#look(timer);
  }

  async #look(timer: unknown): Promise<void> {
    const { phase, seq, storage, backups: { place, isBusy, lastSeq, nextAt } } = this.#host.core.status();
    if ((phase !== 'ready' && phase !== 'opening') || place === 'none' || storage.backend === 'memory') clearInterval(timer as number);
    else if (!isBusy && seq !== lastSeq && Date.now() >= (nextAt ?? 0)) await this.#due();
  }

  /** Never rejects. */
  async #due(): Promise<void> {
    const { core, limits: { everyMs }, tell } = this.#host;
    const now = Date.now();
    await this.#exclusive(async (place) => {
      const newest = (await this.#entries(place)).find(({ at }) => at <= now);
      const moment = this.#now();
      const isDue = newest === undefined || (now >= newest.at + everyMs && newest.seq !== moment.seq);
      const isHeld = core.status().storage.incident?.decision === 'needed';
      if (place !== undefined && isDue && !isHeld && itemsOf(countsOf(moment.state)) > 0) await this.#make(place, moment, 'schedule', 'schedule');
    }).catch((error: CoreError) => tell({ error: { code: error.code, message: error.message }, nextAt: now + Math.min(everyMs, kRetryMs) }));
  }

  /**
   * Before a migration changes the items, while all of them are as they were: one that was interrupted had its backup when it
   * began. Rejects with CoreError; resolves in any case in time.
   */
  async beforeMigration(module: CoreModule): Promise<void> {
    const { slices, config } = this.#host;
    const { seq, schema: { version: schema } } = JSON.parse(module.status()) as CoreStatus;
    const marks = (JSON.parse(module.readAll(schemaSlice)) as SliceText).items.filter(({ id }) => (id as string).includes(':'));
    const state: Record<string, Plain> = {};
    for (const slice of slices.names) {
      const { items, fields } = JSON.parse(module.readAll(slice)) as SliceText;
      const { collection, fields: initial } = slices.entry(slice);
      state[slice] = { ...(collection === null ? {} : { [collection]: items }), ...initial, ...fields };
      const marked = marks.filter(({ id, from, failed }) => (id as string).startsWith(`${slice}:`) && id !== `${slice}:` && from === schema && failed === undefined);
      if (config.schema.slices.includes(slice) && marked.length !== items.length) return;
    }
    const moment: Moment = { app: config.name, at: Date.now(), schema, state, rejected: [], seq };
    const made = this.#exclusive(async (place) => {
      const has = (await this.#entries(place)).some((entry) => entry.reason === 'before-migration' && entry.schema === schema && entry.seq >= seq - 1);
      if (place !== undefined && !has) await this.#make(place, moment, 'before', 'before-migration');
    });
    await inTime(made, kPatienceMs, 'none could be made before the migration');
  }

  // --- import --------------------------------------------------------------------------------------

  #read(value: unknown): Imported {
    const { core, slices, rules } = this.#host;
    return readProject(core, value, slices, rules);
  }

  async #import(project: Imported, mode: ImportAllReport['mode'], backup: string | null, finish?: ImportOptions['finish']): Promise<ImportAllReport> {
    const { core, slices } = this.#host;
    const removed: Record<string, number> = {};
    const isWhole = mode === 'replace';
    const before = core.history;
    const report = core.transaction(() => {
      const done = putProject(core, project, isWhole ? replacing(slices, removed) : mergeItems, isWhole);
      finish?.(done);
      return done;
    });
    const undoable = core.history !== before && core.history.canUndo;
    // A storage that fails is told by the status: what was brought in is here and waits.
    await core.flush().catch(() => {});
    return { ...report, mode, removed, backup, undoable };
  }

  /** null where there is nothing to keep, or no place. Rejects when it cannot be made. */
  async #before(reason: string, spared?: string): Promise<string | null> {
    const moment = this.#now();
    if (itemsOf(countsOf(moment.state)) === 0) return null;
    try {
      return await this.#exclusive(async (place) => (place === undefined ? null : (await this.#make(place, moment, 'before', reason, spared)).id));
    } catch (error) {
      const { code, message } = error as CoreError;
      throw new CoreError(code, `nothing was changed, since no backup could be made first (${message}); importAll with { backup: false } goes on without`, { cause: error });
    }
  }

  // --- the place -----------------------------------------------------------------------------------

  #moment(state: object, rejected: readonly RejectedEdit[]): Moment {
    const { core, config } = this.#host;
    const { schema, seq } = core.status();
    return { app: config.name, at: Date.now(), schema: schema.level, state: state as FileContent['state'], rejected, seq };
  }

  #now(): Moment {
    const { core } = this.#host;
    return this.#moment(core.getState(), core.rejected);
  }

  /** One after the other, in all tabs. Rejects with CoreError, also when the place or another tab does not answer. */
  #exclusive<Result>(run: (place: BackupPlace | undefined) => Promise<Result>): Promise<Result> {
    const { config: { name }, tell } = this.#host;
    const inTurn = async (): Promise<Result> => {
      tell({ isBusy: true });
      try {
        return await inTime((this.#place ??= openBackupPlace(name)).then(run), kWatchdogMs, 'the place of the backups does not answer');
      } catch (error) {
        this.#place = undefined;
        throw asCoreError(error);
      } finally {
        tell({ isBusy: false });
      }
    };
    const { locks } = (globalThis.navigator ?? {}) as Partial<Navigator>;
    const result = this.#last.then(() => (locks ? (locks.request(`codeforge-core:${name}:backups`, { signal: AbortSignal.timeout(2 * kWatchdogMs) }, inTurn) as Promise<Result>) : inTurn()));
    this.#last = result.catch(() => {});
    return result.catch((error: unknown) => {
      throw asCoreError(error);
    });
  }

  /** The newest first; and the status follows. */
  async #entries(place: BackupPlace | undefined): Promise<BackupEntry[]> {
    const entries = ((await place?.list()) ?? []).sort((one, other) => other.at - one.at);
    const { at: lastAt = null, seq: lastSeq = 0 } = entries[0] ?? {};
    this.#host.tell({
      place: place?.kind ?? 'none', count: entries.length, bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0), lastAt, lastSeq,
      nextAt: place === undefined || lastAt === null || !this.#isWatched ? null : lastAt + this.#host.limits.everyMs,
    });
    return entries;
  }

  async #entryOf(place: BackupPlace | undefined, id: string): Promise<BackupEntry> {
    const entry = (await this.#entries(place)).find((one) => one.id === id);
    if (entry === undefined) throw new CoreError('unknown-backup', `backups: there is none of the id ${JSON.stringify(String(id).slice(0, 100))}`);
    return entry;
  }

  async #make(place: BackupPlace | undefined, moment: Moment, kind: BackupEntry['kind'], reason: string, spared?: string): Promise<BackupEntry> {
    if (place === undefined) throw new CoreError('unavailable', 'backups: this browser offers no place beside the database; export a file instead');
    const { limits, tell } = this.#host;
    const { vault } = this.#host;
    const { at, schema, seq } = moment;
    const random = crypto.getRandomValues(new Uint16Array(1))[0]!.toString(16).padStart(4, '0');
    const id = `${new Date(at).toISOString().replace(/[-:.]/g, '')}-${random}`;
    const packed = await bytesOf(moment, true);
    const seal = vault?.header ?? null;
    const bytes = vault && seal !== null ? await vault.seal(`backup/${id}`, packed) : packed;
    const entry: BackupEntry = {
      id, at, bytes: bytes.length, items: itemsOf(countsOf(moment.state)), reason, kind, schema, seq, sha256: await sha256(bytes), seal,
    };
    const drop = madeRoom(await place.list(), entry, limits, spared);
    await place.write(entry, bytes);
    // What cannot be read back is no backup, and nothing makes room for it.
    const kept = await place.read(id);
    if (kept === undefined || (await sha256(kept)) !== entry.sha256) {
      await place.remove([id]);
      throw new CoreError('storage', 'backups: what was written is not what can be read; try again, or export a file');
    }
    if (drop.length > 0) await place.remove(drop);
    await this.#entries(place);
    tell({ error: null });
    return entry;
  }

  /** What a backup holds. Rejects with CoreError `damaged`. */
  async #verified(id: string): Promise<{ value: unknown; bytes: Uint8Array; entry: BackupEntry }> {
    const { entry, kept } = await this.#exclusive(async (place) => ({ entry: await this.#entryOf(place, id), kept: await place!.read(id) }));
    if (kept === undefined || (await sha256(kept)) !== entry.sha256) throw new CoreError('damaged', `backups: ${id} is damaged: its checksum differs`);
    const { vault } = this.#host;
    if (entry.seal !== null && vault === undefined) throw new CoreError('sealed', `backups: ${id} is sealed; open the store with its key`);
    const bytes = entry.seal !== null ? await vault!.unseal(`backup/${id}`, kept, entry.seal) : kept;
    const text = await textOf(bytes);
    try {
      return { value: JSON.parse(text), bytes, entry };
    } catch (error) {
      throw new CoreError('damaged', `backups: ${id} is damaged (${(error as Error).message})`, { cause: error });
    }
  }
}

const reportOf = ({ format, kept, problems }: Imported): Omit<ImportReport, 'counts'> => ({ format, kept, problems });

/** Where a file of ours has not as many items as it says of itself: somebody has edited it, or it is damaged. */
function miscounts(value: unknown, { items }: Imported): string[] {
  const told = (typeof value === 'object' && value !== null ? (value as { counts?: unknown }).counts : undefined) as Record<string, unknown> | undefined;
  if (typeof told !== 'object' || told === null) return [];
  return [...items].filter(([slice, list]) => (told[slice] ?? 0) !== list.length)
    .map(([slice, { length }]) => `slices.${slice}: the file says that it has ${Number(told[slice] ?? 0)} items, and ${length} can be read`);
}
