// Public types of everything as one file, and of backups.
import type { SliceName } from '../action-table.js';
import type { ImportReport, ProjectExport } from '../types.js';

/** What importAll() takes: a file, its bytes or text (JSON, or JSON under gzip), or the parsed value. Every format of ImportReport. */
export type ImportSource = Blob | ArrayBuffer | Uint8Array | string | object;

export interface ImportOptions {
  /**
   * `merge` (default): items of the file are added, or replace those of the same id; everything else stays. `replace`: the
   * slices of the file become what they are there, and the rest of their items goes; slices that the file does not have stay.
   */
  mode?: 'merge' | 'replace';
  /** true: only checks the file and says what it holds; nothing is changed. */
  dryRun?: boolean;
  /** Runs in the same transaction, behind the import: what it dispatches is part of the same undo step. */
  finish?: (report: ImportReport) => void;
  /** false: makes no backup of what is here first. Where the browser offers no place none is made either. */
  backup?: boolean;
}

export interface ImportAllReport extends ImportReport {
  mode: 'merge' | 'replace';
  /** Items per slice that are there no more; `replace` only. */
  removed: Partial<Record<SliceName, number>>;
  /** The backup of what was here before; null when none was made. */
  backup: string | null;
  /** One undo() takes all of it back. False for what is too large for the history, and where nothing was changed. */
  undoable: boolean;
}

/** When backups are made by themselves, and how many are kept. */
export interface BackupOptions {
  /** Between two backups while there are edits, in milliseconds; at least 1000. Default one hour. */
  everyMs?: number;
  /** How many of those made by the clock are kept, and as many of those made before an import, a restore or a migration. Default 5. */
  keep?: number;
  /** Of the clock's backups the last one of each day is kept for so many days beside that. Default 7. */
  keepDays?: number;
  /** All of them together, in bytes; the oldest go first. Those that a user made stay. Default 64 MiB. */
  maxBytes?: number;
}

/** One backup: everything that exportAll() has, under gzip, in a place of its own. */
export interface BackupEntry {
  readonly id: string;
  /** Unix time in milliseconds. */
  readonly at: number;
  /** As it is kept. */
  readonly bytes: number;
  readonly items: number;
  /** `schedule`, `before-import`, `before-restore`, `before-migration`, or what create() was given. */
  readonly reason: string;
  /** `schedule` and `before` make room for newer ones by themselves, `manual` does not. */
  readonly kind: 'schedule' | 'before' | 'manual';
  /** The schema number of its items. */
  readonly schema: number;
  /** The store's last commit that is in it. */
  readonly seq: number;
  /** SHA-256 of what is kept, in hexadecimal digits. */
  readonly sha256: string;
  /** Of a sealed store: the key that seals it, wrapped, so that the passphrase opens it when the store is lost; null: not sealed. */
  readonly seal: string | null;
}

export interface BackupStatus {
  /** A storage bucket of its own, the origin's private files, or no place; null until somebody looked. */
  readonly place: 'bucket' | 'opfs' | 'none' | null;
  readonly isBusy: boolean;
  /** Between two backups that are made by themselves, in milliseconds; null: none are. */
  readonly everyMs: number | null;
  /** How many of these are kept, and for how many days one of each. */
  readonly keep: number;
  readonly keepDays: number;
  /** Of the backups that are kept. */
  readonly count: number;
  readonly bytes: number;
  /** When the newest was made: Unix time in milliseconds. */
  readonly lastAt: number | null;
  /** The last commit that is in the newest; 0 without one. */
  readonly lastSeq: number;
  /** Not before this time the next one is made by itself, if there are edits by then; null when none is planned. */
  readonly nextAt: number | null;
  /** Why the last backup could not be made, until one can. */
  readonly error: { readonly code: string; readonly message: string } | null;
}

/**
 * Backups are kept in a storage bucket of their own (Chromium), else in the origin's private files: what damages or removes the
 * database of the store leaves them alone.
 *
 * @example
 * const core = await createCore({ name: 'shop', backups: { everyMs: 1_800_000, keep: 10 } });
 * for (const { id, at, items, reason } of await core.backups.list()) {
 *   console.log(new Date(at), items, reason);
 *   if (reason === 'the one that I want') await core.backups.restore(id);
 *   if (reason === 'to be kept elsewhere') console.log(await core.backups.download(id));
 *   if (at < Date.now() - 30 * 86_400_000) await core.backups.remove(id);
 * }
 * if (core.status().backups.place !== 'none') await core.backups.create('before the new prices');
 */
export interface BackupControl {
  /** The newest first; empty where there is no place. Rejects with CoreError `storage` when the place cannot be read. */
  list(): Promise<readonly BackupEntry[]>;
  /**
   * Makes one now. `reason` is for people, at most 200 characters. It is kept until remove(). Rejects with CoreError `unavailable` without
   * a place, `limit` when there is no room among the others, `storage` when it cannot be written.
   */
  create(reason?: string): Promise<BackupEntry>;
  /**
   * Puts everything back as it was, after a backup of what is here. The backup is verified before anything is changed; its items
   * become ordinary edits, so that undo() takes them back and other devices get them. Resolves when that is on the device.
   * Rejects with CoreError `damaged`, `unknown-backup` or `read-only` (a newer schema), and as create().
   */
  restore(id: string): Promise<ImportAllReport>;
  /** The backup as a file that importAll() takes: JSON under gzip, not sealed. Rejects as restore(). */
  download(id: string): Promise<File>;
  /** Rejects with CoreError `unknown-backup`. */
  remove(id: string): Promise<void>;
}

/** What a core has for taking everything elsewhere and back. */
export interface BackupMembers {
  /**
   * Takes every format of ImportReport, as JSON text or value, in one transaction: undo() takes all of it back. Throws CoreError
   * when it is none of them.
   * @example
   * const { counts } = core.importProject({ 'project-files': [{ id: 'f1', name: 'main.ts', content: '' }] });
   * console.log(counts); // { files: 1 }
   */
  importProject(json: unknown): ImportReport;
  /**
   * The slices of the project as one value. exportAll() has the same format, and more in it.
   * @example
   * console.log(Object.keys(core.exportProject().slices));
   */
  exportProject(): ProjectExport;
  /**
   * Everything in one file of the format `codeforge-project`: all slices with those of the application, conflicts and the edits that
   * the server refused, with counts. It is made in small steps, of the state at the time of the call.
   * @example
   * const file = await core.exportAll({ gzip: true });
   * console.log(file.name, file.size); // example-….json.gz
   */
  exportAll(options?: { gzip?: boolean }): Promise<File>;
  /**
   * Brings a file in, in one transaction, after a backup of what is here. It is read and checked before anything is changed.
   * Rejects with CoreError `malformed-payload`, `damaged`, `unsupported`, `limit` or `read-only`; nothing is changed then.
   * @example
   * const file = await core.exportAll();
   * core.dispatch(files.addItem({ id: 'later', name: 'later.ts', path: '/', content: '', language: 'ts', updatedAt: 0 }));
   * const { removed } = await core.importAll(file, { mode: 'replace' });
   * console.log(removed); // { files: 1 }
   */
  importAll(source: ImportSource, options?: ImportOptions): Promise<ImportAllReport>;
  readonly backups: BackupControl;
}
