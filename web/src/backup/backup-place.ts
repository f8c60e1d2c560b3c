// Where backups are kept: a storage bucket of their own (Chromium), else the origin's private file system. Neither shares a
// database with the store or with its standby copy, so what damages those leaves the backups alone.
import { completed, settled } from '../durability/standby-place.js';
import type { BackupEntry } from './types.js';

export interface BackupPlace {
  readonly kind: 'bucket' | 'opfs';
  /** In no order. */
  list(): Promise<BackupEntry[]>;
  /** undefined when there is none. */
  read(id: string): Promise<Uint8Array | undefined>;
  /** Strictly durable when it resolves. An entry that is listed has all of its bytes. */
  write(entry: BackupEntry, bytes: Uint8Array): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
}

const kName = 'codeforge-backups';
const kStrict: IDBTransactionOptions = { durability: 'strict' };

interface Bucket {
  indexedDB: IDBFactory;
}

interface BucketHost {
  storageBuckets?: { open(name: string, options?: { durability?: string }): Promise<Bucket> };
}

class BucketPlace implements BackupPlace {
  readonly kind = 'bucket';
  // Both are held on to: a bucket that Chromium has collected answers no transaction any more.
  readonly bucket: Bucket;
  readonly #path: string;

  constructor(bucket: Bucket, path: string) {
    this.bucket = bucket;
    this.#path = path;
  }

  list(): Promise<BackupEntry[]> {
    return this.#transact('readonly', (entries) => settled(entries.getAll() as IDBRequest<BackupEntry[]>));
  }

  read(id: string): Promise<Uint8Array | undefined> {
    return this.#transact('readonly', (_, files) => settled(files.get(id) as IDBRequest<Uint8Array | undefined>));
  }

  async write(entry: BackupEntry, bytes: Uint8Array): Promise<void> {
    await this.#transact('readwrite', (entries, files) => {
      files.put(bytes, entry.id);
      entries.put(entry);
    });
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.#transact('readwrite', (entries, files) => {
      for (const id of ids) for (const store of [entries, files]) store.delete(id);
    });
  }

  /** Opened for each use: that is seldom, and an open connection could be in the way of whoever clears the site. */
  async #transact<Result>(mode: IDBTransactionMode, run: (entries: IDBObjectStore, files: IDBObjectStore) => Result | Promise<Result>): Promise<Result> {
    const request = this.bucket.indexedDB.open(this.#path, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('entries', { keyPath: 'id' });
      request.result.createObjectStore('files');
    };
    const db = await settled(request);
    try {
      const transaction = db.transaction(['entries', 'files'], mode, kStrict);
      const [result] = await Promise.all([run(transaction.objectStore('entries'), transaction.objectStore('files')), completed(transaction)]);
      return result;
    } finally {
      db.close();
    }
  }
}

/** One file for the bytes and one for the entry, which is written last and removed first. */
class FilePlace implements BackupPlace {
  readonly kind = 'opfs';
  readonly #folder: FileSystemDirectoryHandle;

  constructor(folder: FileSystemDirectoryHandle) {
    this.#folder = folder;
  }

  async list(): Promise<BackupEntry[]> {
    const entries: BackupEntry[] = [];
    const orphans: string[] = [];
    const names = new Set<string>();
    for await (const name of (this.#folder as unknown as { keys(): AsyncIterable<string> }).keys()) names.add(name);
    for (const name of names) {
      if (name.endsWith('.entry')) entries.push(...parsed(await this.#bytes(name)));
      else if (!names.has(`${name}.entry`)) orphans.push(name);
    }
    // Left by a write that was cut off. One that is going on holds its file, which then cannot be removed.
    for (const name of orphans) await this.#folder.removeEntry(name).catch(() => {});
    return entries;
  }

  read(id: string): Promise<Uint8Array | undefined> {
    return this.#bytes(id).catch(missing);
  }

  async write(entry: BackupEntry, bytes: Uint8Array): Promise<void> {
    await this.#put(entry.id, bytes);
    await this.#put(`${entry.id}.entry`, new TextEncoder().encode(JSON.stringify(entry)));
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) for (const name of [`${id}.entry`, id]) await this.#folder.removeEntry(name).catch(missing);
  }

  async #bytes(name: string): Promise<Uint8Array> {
    return new Uint8Array(await (await (await this.#folder.getFileHandle(name)).getFile()).arrayBuffer());
  }

  async #put(name: string, bytes: Uint8Array): Promise<void> {
    const writable = await (await this.#folder.getFileHandle(name, { create: true })).createWritable();
    await writable.write(bytes as Uint8Array<ArrayBuffer>);
    await writable.close();
  }
}

/** Nothing of an entry that cannot be read: its bytes stay, and the others can be used. */
function parsed(bytes: Uint8Array): BackupEntry[] {
  try {
    return [JSON.parse(new TextDecoder().decode(bytes)) as BackupEntry];
  } catch {
    return [];
  }
}

function missing(error: DOMException): undefined {
  if (error.name !== 'NotFoundError') throw error;
}

/** The best place that this browser offers for the store's backups; undefined where there is none. Rejects when it cannot be opened. */
export async function openBackupPlace(store: string): Promise<BackupPlace | undefined> {
  const host = (globalThis.navigator ?? {}) as Navigator & BucketHost;
  const folder = `codeforge-${encodeURIComponent(store)}`;
  if (host.storageBuckets !== undefined) return new BucketPlace(await host.storageBuckets.open(kName, { durability: 'strict' }), folder);
  const hasFiles = typeof globalThis.FileSystemFileHandle === 'function' && 'createWritable' in FileSystemFileHandle.prototype;
  if (!hasFiles || typeof host.storage?.getDirectory !== 'function') return undefined;
  const root = await (await host.storage.getDirectory()).getDirectoryHandle(kName, { create: true });
  return new FilePlace(await root.getDirectoryHandle(folder, { create: true }));
}
