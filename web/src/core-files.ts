// The files on their way between WebAssembly and IndexedDB, as the host may watch and change them.
// The glue (bindings/idbfs_commit.js) looks for these on `module.coreFiles`; every one is optional.

/** Name and content of one file of the store. The name has no folder: `log-7`, `snap-2-0`, `head-2`, `stable`. */
export type CoreFile = [name: string, bytes: Uint8Array];

/** A write: what the transaction put (sealed, if files are sealed) and deleted. */
export interface StoredWrite {
  id: number;
  puts: CoreFile[];
  deletes: string[];
  /** On stable storage before it completed, not only handed to the system. */
  strict: boolean;
}

/** What opening the database said of its past. */
export interface FoundDatabase {
  /** There was none: a first start, or somebody deleted it. */
  created: boolean;
  /** `total` when the browser threw a damaged database away. Only Chromium tells. */
  dataLoss: string;
}

/**
 * @example
 * const names = [];
 * const core = await createCore({
 *   name: 'watched',
 *   onInstance: (module) => { module.coreFiles = { stored: (write) => names.push(...write.puts.map(([name]) => name)) }; },
 * });
 */
export interface CoreFiles {
  /**
   * Before a transaction: what to put instead. A promise delays the write, so a page that goes away
   * loses it; an answer in the same turn does not. A rejection fails the write, and the log tries again.
   */
  seal?(puts: CoreFile[], strict: boolean): CoreFile[] | PromiseLike<CoreFile[]>;
  /** After loading: the files as they were before `seal`. A rejection (its `code` included) fails the opening. */
  unseal?(files: CoreFile[]): CoreFile[] | Promise<CoreFile[]>;
  /** The transaction was committed and has not completed yet. Called inside the core: it may not be called from here. */
  storing?(write: StoredWrite): void;
  /** After `complete`, with the object that `storing` was given, behind the core's own knowledge of it. */
  stored?(write: StoredWrite): void;
  /** A connection was opened: the first one, before `beforeLoad`, or a new one after the browser closed the last. */
  opened?(mountPath: string, db: IDBDatabase, found: FoundDatabase): void;
  /** The open database before anything is read from it: the place for repairs. Loading waits for the promise. */
  beforeLoad?(mountPath: string, db: IDBDatabase, found: FoundDatabase): void | Promise<void>;
  /** The browser cannot read the database. Resolves when it is gone and may be made again; what it rejects with is told. */
  unreadable?(mountPath: string, error: unknown): Promise<void>;
  /** Name and size in bytes of every file that was loaded, before `unseal`. */
  listed?(files: [name: string, bytes: number][]): void;
}
