// A database that the browser cannot open at all, whatever is done: damaged below what IndexedDB shows. The
// only way on is to throw it away, so that is done only for somebody who has its content: the standby
// copy has every commit that was known to be durable, or the caller says that what is lost may be lost.
import { CoreError } from '../errors.js';
import { localStorageHere, readSentinel } from './sentinel.js';
import { openStandbyPlace } from './standby-place.js';

/** How long another tab may keep a database from being deleted, in milliseconds. */
const kBlockedMs = 5_000;

export interface UnreadableDatabase {
  /** Of the store. */
  name: string;
  /** Of its database and of its copy. */
  path: string;
  /** What the browser says. */
  error: unknown;
  /** The caller does without what the copy has not. */
  mayLose: boolean;
}

function ended(request: IDBOpenDBRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new DOMException('another tab keeps the database', 'BlockedError')), kBlockedMs);
    const end = (run: () => void): void => {
      clearTimeout(timer);
      run();
    };
    request.onsuccess = () => {
      request.result?.close();
      end(resolve);
    };
    request.onerror = () => end(() => reject(request.error));
  });
}

/** Whether another database can be made: if not, it is not this one that is at fault, and it may be well tomorrow. */
async function canMakeAnother(path: string): Promise<boolean> {
  const name = `${path}-trial`;
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('files').put(new Uint8Array(1 << 16), 'trial');
  try {
    await ended(opening);
    await ended(indexedDB.deleteDatabase(name));
    return true;
  } catch {
    return false;
  }
}

/** The last commit that a whole copy has; 0 without one. It is recovered only when the database is gone. */
async function copiedSeq(path: string): Promise<number> {
  const place = await openStandbyPlace(path);
  try {
    return (await place?.look())?.mark?.seq ?? 0;
  } finally {
    place?.close();
  }
}

/** Resolves when the database is gone and may be made again. Rejects with what a user is told. */
export async function discardUnreadable({ name, path, error, mayLose }: UnreadableDatabase): Promise<void> {
  const told = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (!(await canMakeAnother(path))) throw error;
  if (!mayLose) {
    // Where there is local storage, a store without a sentinel was made within the last seconds.
    const expected = readSentinel(name)?.seq ?? (localStorageHere() ? 0 : undefined);
    const copied = await copiedSeq(path);
    if (copied === 0 || expected === undefined || copied < expected) {
      const copy = copied === 0 ? 'there is no copy of it' : `its standby copy ends with commit ${copied}, and ${expected ?? 'an unknown number'} were durable`;
      throw new CoreError('damaged', `the browser cannot read the database of "${name}" (${told}), and ${copy}; restart the browser, or open it with discardUnreadable: true to go on without what is lost`);
    }
  }
  await ended(indexedDB.deleteDatabase(path));
}
