// A second home for the last moment's edits. Writes to IndexedDB are paced (at most four a second),
// so a renderer that dies in a burst would take a quarter of a second with it. Local storage is handed
// to the browser's process in the same turn, in a database of its own; what is there and not in the
// log is dispatched again at the next start. In workers and in Node there is no such home.
import type { AnyAction } from './frame.js';

/** A bulk of edits is not the last moment of somebody typing: beyond these nothing more is kept. */
const kMaxEntries = 64;
const kMaxCharacters = 512 << 10;

export interface TailEntry {
  readonly action: AnyAction;
  /** When it was dispatched, Unix time in milliseconds. */
  readonly at: number;
  /** Its undo group. */
  readonly group: string;
}

/** Every key begins with it. */
export const tailPrefix = (name: string): string => `codeforge-core:${name}:tail:`;

/** Where nothing readable may lie on the device. */
export interface TailSeal {
  /** undefined: there is no key; the entry is not kept. */
  seal(key: string, text: string): string | undefined;
  /** undefined: not known yet; it stays where it is. '': it was not sealed by us. */
  open(key: string, text: string): string | undefined;
}

const kPlain: TailSeal = { seal: (_, text) => text, open: (_, text) => text };

export class TailHome {
  readonly #prefix: string;
  readonly #storage: Storage | undefined;
  readonly #seal: TailSeal;
  /** Characters by commit number. */
  readonly #kept = new Map<number, number>();
  #characters = 0;

  constructor(name: string, storage = localStorageHere(), seal = kPlain) {
    this.#prefix = tailPrefix(name);
    this.#storage = storage;
    this.#seal = seal;
  }

  keep(seq: number, { action: { type, payload }, at, group }: TailEntry): void {
    if (this.#storage === undefined || this.#kept.size >= kMaxEntries) return;
    const plain = JSON.stringify({ action: { type, payload }, at, group });
    if (this.#characters + plain.length > kMaxCharacters) return;
    const text = this.#seal.seal(this.#prefix + seq, plain);
    if (text === undefined) return;
    try {
      this.#storage.setItem(this.#prefix + seq, text);
    } catch {
      return; // full or forbidden: the log is the first home, this one is a help
    }
    this.#kept.set(seq, text.length);
    this.#characters += text.length;
  }

  /** Forgets what is durable in the log. */
  prune(durableSeq: number): void {
    for (const [seq, characters] of this.#kept) {
      if (seq > durableSeq) continue;
      this.#storage!.removeItem(this.#prefix + seq);
      this.#kept.delete(seq);
      this.#characters -= characters;
    }
  }

  /** Takes out what a log that ends at `seq` does not have, in order. */
  take(seq: number): TailEntry[] {
    const found: (TailEntry & { seq: number })[] = [];
    for (const key of Object.keys(this.#storage ?? {})) {
      if (!key.startsWith(this.#prefix)) continue;
      const number = Number(key.slice(this.#prefix.length));
      const text = this.#seal.open(key, this.#storage!.getItem(key) ?? '');
      if (text === undefined) continue;
      try {
        const { action, at, group } = JSON.parse(text) as TailEntry;
        if (number > seq && typeof action?.type === 'string') found.push({ seq: number, action, at, group });
      } catch {
        // Not ours, or cut off: the log has everything before it.
      }
      this.#storage!.removeItem(key);
    }
    return found.sort((a, b) => a.seq - b.seq);
  }
}

function localStorageHere(): Storage | undefined {
  try {
    // Node's own experimental localStorage prints a warning when it is touched.
    return typeof document === 'undefined' ? undefined : globalThis.localStorage;
  } catch {
    return undefined;
  }
}
