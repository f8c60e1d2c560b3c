// Where the standby copy lives: a storage bucket with an IndexedDB of its own (Chromium), else the
// origin's private file system. Both fail separately from the primary database: what makes Chromium
// throw away the one leaves the other alone.
import type { CoreFile } from '../core-files.js';

/** Of which moment of the primary a copy is. */
export interface StandbyMark {
  seq: number;
  /** Unix time in milliseconds. */
  at: number;
  /** Which seal its files have; absent: none. */
  seal?: string;
  /** Files that were written while the primary was writing them, and may have failed there. */
  direct?: string[];
}

export interface StandbyChange {
  /** Heads come last, since they name the others. */
  puts: CoreFile[];
  /** Carried out after the puts that make them obsolete. */
  deletes: string[];
  /** Absent while a copy is on its way in parts. */
  mark?: StandbyMark;
}

export interface StandbyPlace {
  readonly kind: 'bucket' | 'opfs';
  look(): Promise<{ names: string[]; mark: StandbyMark | undefined }>;
  read(): Promise<{ files: CoreFile[]; mark: StandbyMark | undefined }>;
  write(change: StandbyChange): Promise<void>;
  /** Keeps files that could not be read, for somebody who can. The last set only. */
  quarantine(files: CoreFile[]): Promise<void>;
  quarantined(): Promise<CoreFile[]>;
  close(): void;
}

const kBucket = 'codeforge-standby';
/** Strict, since this copy is for the day on which the primary is gone. */
const kDurability: IDBTransactionOptions = { durability: 'strict' };

interface Bucket {
  indexedDB: IDBFactory;
}

interface BucketHost {
  storageBuckets?: { open(name: string, options?: { durability?: string }): Promise<Bucket> };
}

export function settled<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** A transaction that ends neither way is given up on after this time. */
const kWatchdogMs = 30_000;

const underWay = new Set<IDBTransaction>();

/** Ends what is under way. A page that stands still in the middle of it would keep other tabs from the database. */
export function abortAll(): void {
  for (const transaction of underWay) {
    try {
      transaction.abort();
    } catch {
      // It was committed, and ends without the page.
    }
  }
}

export function completed(transaction: IDBTransaction): Promise<void> {
  underWay.add(transaction);
  return new Promise((resolve, reject) => {
    const watchdog = setTimeout(() => reject(new DOMException(`the transaction did not end in ${kWatchdogMs} ms`, 'TimeoutError')), kWatchdogMs);
    const over = (): void => {
      clearTimeout(watchdog);
      underWay.delete(transaction);
    };
    transaction.oncomplete = () => {
      over();
      resolve();
    };
    transaction.onabort = () => {
      over();
      reject(transaction.error ?? new DOMException('transaction aborted', 'AbortError'));
    };
  });
}

async function filesIn(store: IDBObjectStore): Promise<CoreFile[]> {
  const [names, contents] = await Promise.all([settled(store.getAllKeys()), settled(store.getAll())]);
  return names.map((name, index) => [name as string, contents[index] as Uint8Array]);
}

class BucketPlace implements StandbyPlace {
  readonly kind = 'bucket';
  readonly #db: IDBDatabase;
  // Held on to: once Chromium has collected the bucket, transactions of its databases end neither way.
  readonly bucket: Bucket;

  constructor(db: IDBDatabase, bucket: Bucket) {
    this.#db = db;
    this.bucket = bucket;
    db.onversionchange = () => db.close();
  }

  static async open(host: BucketHost, path: string): Promise<BucketPlace> {
    const bucket = await host.storageBuckets!.open(kBucket, { durability: 'strict' });
    const request = bucket.indexedDB.open(path, 1);
    request.onupgradeneeded = () => ['files', 'mark', 'quarantine'].forEach((name) => request.result.createObjectStore(name));
    return new BucketPlace(await settled(request), bucket);
  }

  async look(): Promise<{ names: string[]; mark: StandbyMark | undefined }> {
    const transaction = this.#db.transaction(['files', 'mark']);
    const [names, mark] = await Promise.all([settled(transaction.objectStore('files').getAllKeys()), settled(transaction.objectStore('mark').get('mark'))]);
    return { names: names as string[], mark: mark as StandbyMark | undefined };
  }

  async read(): Promise<{ files: CoreFile[]; mark: StandbyMark | undefined }> {
    const transaction = this.#db.transaction(['files', 'mark']);
    const [files, mark] = await Promise.all([filesIn(transaction.objectStore('files')), settled(transaction.objectStore('mark').get('mark'))]);
    return { files, mark: mark as StandbyMark | undefined };
  }

  async write({ puts, deletes, mark }: StandbyChange): Promise<void> {
    const transaction = this.#db.transaction(['files', 'mark'], 'readwrite', kDurability);
    const files = transaction.objectStore('files');
    for (const [name, bytes] of puts) files.put(bytes, name);
    for (const name of deletes) files.delete(name);
    if (mark) transaction.objectStore('mark').put(mark, 'mark');
    await completed(transaction);
  }

  async quarantine(files: CoreFile[]): Promise<void> {
    const transaction = this.#db.transaction('quarantine', 'readwrite', kDurability);
    const store = transaction.objectStore('quarantine');
    store.clear();
    for (const [name, bytes] of files) store.put(bytes, name);
    await completed(transaction);
  }

  quarantined(): Promise<CoreFile[]> {
    return filesIn(this.#db.transaction('quarantine').objectStore('quarantine'));
  }

  close(): void {
    this.#db.close();
  }
}

async function namesIn(folder: FileSystemDirectoryHandle): Promise<string[]> {
  const names: string[] = [];
  for await (const [name, handle] of (folder as unknown as { entries(): AsyncIterable<[string, FileSystemHandle]> }).entries())
    if (handle.kind === 'file') names.push(name);
  return names;
}

class FilePlace implements StandbyPlace {
  readonly kind = 'opfs';
  readonly #folder: FileSystemDirectoryHandle;

  constructor(folder: FileSystemDirectoryHandle) {
    this.#folder = folder;
  }

  static async open(storage: Navigator['storage'], path: string): Promise<FilePlace> {
    const root = await (await storage.getDirectory()).getDirectoryHandle(kBucket, { create: true });
    return new FilePlace(await root.getDirectoryHandle(path.replace(/^\//, ''), { create: true }));
  }

  async look(): Promise<{ names: string[]; mark: StandbyMark | undefined }> {
    const names = (await namesIn(this.#folder)).filter((name) => name !== 'mark');
    const mark = await this.#bytes('mark').then((bytes) => JSON.parse(new TextDecoder().decode(bytes)) as StandbyMark, () => undefined);
    return { names, mark };
  }

  async read(): Promise<{ files: CoreFile[]; mark: StandbyMark | undefined }> {
    const files: CoreFile[] = [];
    const { names, mark } = await this.look();
    for (const name of names) files.push([name, await this.#bytes(name)]);
    return { files, mark };
  }

  async quarantined(): Promise<CoreFile[]> {
    const folder = await this.#folder.getDirectoryHandle('quarantine').catch(ignoreMissing);
    const files: CoreFile[] = [];
    if (folder) for (const name of await namesIn(folder)) files.push([name, await this.#bytes(name, folder)]);
    return files;
  }

  /** One file after the other; each replaces the old one at once and whole. */
  async write({ puts, deletes, mark }: StandbyChange): Promise<void> {
    for (const file of puts) await this.#put(this.#folder, file);
    for (const name of deletes) await this.#folder.removeEntry(name).catch(ignoreMissing);
    if (mark) await this.#put(this.#folder, ['mark', new TextEncoder().encode(JSON.stringify(mark))]);
  }

  async quarantine(files: CoreFile[]): Promise<void> {
    await this.#folder.removeEntry('quarantine', { recursive: true }).catch(ignoreMissing);
    const folder = await this.#folder.getDirectoryHandle('quarantine', { create: true });
    for (const file of files) await this.#put(folder, file);
  }

  close(): void {}

  async #bytes(name: string, folder = this.#folder): Promise<Uint8Array> {
    return new Uint8Array(await (await (await folder.getFileHandle(name)).getFile()).arrayBuffer());
  }

  async #put(folder: FileSystemDirectoryHandle, [name, bytes]: CoreFile): Promise<void> {
    const writable = await (await folder.getFileHandle(name, { create: true })).createWritable();
    await writable.write(bytes as Uint8Array<ArrayBuffer>);
    await writable.close();
  }
}

function ignoreMissing(error: DOMException): void {
  if (error.name !== 'NotFoundError') throw error;
}

/**
 * The best place that this browser offers for the store at `path`; undefined where there is none.
 * Rejects when there is one and it cannot be opened.
 */
export async function openStandbyPlace(path: string): Promise<StandbyPlace | undefined> {
  const host = (globalThis.navigator ?? {}) as Navigator & BucketHost;
  if (host.storageBuckets !== undefined) return BucketPlace.open(host, path);
  const hasFiles = typeof globalThis.FileSystemFileHandle === 'function' && 'createWritable' in FileSystemFileHandle.prototype;
  return hasFiles && typeof host.storage?.getDirectory === 'function' ? FilePlace.open(host.storage, path) : undefined;
}
