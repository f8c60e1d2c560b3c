// The WebAssembly module as TypeScript sees it: eighteen coarse calls, JSON text across them.
import createModule from '#wasm-glue';
import type { CoreFiles } from './core-files.js';
import { wellFormed } from './json-check.js';

export interface CoreModule {
  /** Read again after every call of frame(): growing memory detaches the old view. */
  readonly HEAPU8: Uint8Array;
  /** Set by us; called when changes, completions or status wait. Never called inside one of our own calls. */
  coreNotify?: () => void;
  /** Set by us while the page may be going away: edits do not wait for the end of their turn to be written. */
  coreLeaving?: boolean;
  /** Set before open(): watches and changes files on their way to and from IndexedDB. */
  coreFiles?: CoreFiles;
  /** Set when the page stands still, or is about to: no file is read before it is kept. */
  coreStill?: Promise<void>;
  /** Set before open() where other tabs may have the store open: takes what the core says to them. `to`: an instance's name, "writer", or "" for all. */
  coreTabs?: (to: string, bytes: Uint8Array) => void;
  /** Ticket (>= 1), or -1. */
  open(config: string): number;
  /** Address of an input buffer of at least `bytes`; 0 beyond the limit. Valid until the next call of frame(). */
  frame(bytes: number): number;
  /** Takes a piece of a list of items for the next dispatch; 0 bytes drop those that are there. 0, or -1. */
  stage(bytes: number): number;
  /** < 0: refused. Else bit 0 = echo, bit 1 = changes wait, and the commit's number times 4. */
  dispatch(bytes: number): number;
  takeChanges(): string;
  error(): string;
  read(slice: string, id: string): string;
  readAll(slice: string): string;
  status(): string;
  /** Whose the next dispatches are: JSON of `session`, `user`, `group`, `at`, `undoable`; what is missing stays. 0, or -1. */
  context(text: string): number;
  /** What can be undone, as JSON; "" when its revision is `known`. */
  history(known: number): string;
  /** The edits that the server refused, as JSON. */
  rejected(): string;
  configure(text: string): number;
  sync(command: string): number;
  /** A message of another tab is in the input buffer. Anything that is none is ignored. */
  receive(bytes: number): void;
  /** "": this tab has the store's lock now. "*": it did not hear the others for a while. Else the instance of that name, in another tab, is gone. */
  tab(what: string): void;
  flush(strict: boolean): number;
  close(): number;
}

export interface ModuleOptions {
  /** Where core.wasm is, if not beside the glue file. */
  wasmUrl?: string | URL | undefined;
  /** The bytes of core.wasm; nothing is fetched then. */
  wasmBinary?: ArrayBuffer | Uint8Array | undefined;
}

/** Where the files will be asked for, told before the module is there: they are read while it is compiled. */
export interface EarlyLoad {
  /** Of the mount, as soon as nobody else writes; "" when the files are to be read later. */
  path: Promise<string>;
  /** Aborted when somebody else may write again: what was read is read once more. */
  signal: AbortSignal;
}

export interface GlueOptions {
  coreEarly?: EarlyLoad;
  locateFile?: (path: string, prefix: string) => string;
  wasmBinary?: ArrayBuffer | Uint8Array;
  onAbort?: (reason: unknown) => void;
}

/** The mount of a store, as bindings/runtime.cpp names it. */
export const mountPathOf = (name: string): string =>
  `/codeforge-${encodeURIComponent(wellFormed(name)).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)}`;

/** A fresh instance with memory of its own. `onAbort` hears of an abort outside our calls (timers, fetch). */
export async function instantiate(options: ModuleOptions, onAbort: (reason: unknown) => void, early?: EarlyLoad): Promise<CoreModule> {
  const glue: GlueOptions = { onAbort };
  if (early) glue.coreEarly = early;
  if (options.wasmBinary) glue.wasmBinary = options.wasmBinary;
  if (options.wasmUrl) {
    const url = String(options.wasmUrl);
    glue.locateFile = (path, prefix) => (path.endsWith('.wasm') ? url : prefix + path);
  }
  return createModule(glue);
}
