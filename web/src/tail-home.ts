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
  /** Who did it: whoever does it again does so for that session, an undo above all. */
  readonly session?: string;
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

/** Whose an entry is, where several tabs may have the store open. */
export interface TailOwner {
  readonly isWriter: boolean;
  /** The name of the instance that numbered it. */
  readonly instance: string;
}

/** Whether the entry with this number is lost with its page; undefined: its page lives, and has it. */
export type IsLost = (owner: TailOwner, number: number) => boolean | undefined;

interface Kept {
  seq: number;
  characters: number;
}

export class TailHome {
  readonly #prefix: string;
  readonly #storage: Storage | undefined;
  readonly #seal: TailSeal;
  readonly #session: string | undefined;
  /** By key. */
  readonly #kept = new Map<string, Kept>();
  #characters = 0;
  #count = 0;
  /** In front of the numbers of what is kept from here on. */
  #owner = '';

  constructor(name: string, storage = localStorageHere(), seal = kPlain, session?: string) {
    this.#session = session;
    this.#prefix = tailPrefix(name);
    this.#storage = storage;
    this.#seal = seal;
  }

  /** `seq` is Infinity for what has no number yet; it is kept only where it is known whose it is. */
  keep(seq: number, { action: { type, payload, meta }, at, group }: TailEntry): void {
    if (this.#storage === undefined || this.#kept.size >= kMaxEntries || (this.#owner === '' && seq === Infinity)) return;
    try {
      const { session = this.#session } = (meta ?? {}) as { session?: string };
      const plain = JSON.stringify({ action: { type, payload }, at, group, session });
      if (this.#characters + plain.length > kMaxCharacters) return;
      const key = this.#prefix + (this.#owner === '' ? seq : `${this.#owner}:${seq}:${++this.#count}`);
      const text = this.#seal.seal(key, plain);
      if (text === undefined) return;
      this.#storage.setItem(key, text);
      this.#kept.set(key, { seq, characters: text.length });
      this.#characters += text.length;
    } catch {
      // Full or forbidden: the log is the first home, this one is a help. Or it is no JSON, and will be refused.
    }
  }

  /** Forgets what is durable in the log. */
  prune(durableSeq: number): void {
    for (const [key, { seq, characters }] of this.#kept) {
      if (seq > durableSeq) continue;
      this.#storage!.removeItem(key);
      this.#kept.delete(key);
      this.#characters -= characters;
    }
  }

  /** What is kept from here on has the numbers of another instance. */
  belongsTo({ isWriter, instance }: TailOwner): void {
    this.#owner = `${isWriter ? 'w' : 'f'}:${instance}`;
  }

  /** The instances of which something is kept. */
  owners(): string[] {
    const keys = Object.keys(this.#storage ?? {}).filter((key) => key.startsWith(this.#prefix));
    return [...new Set(keys.map((key) => this.#parse(key).owner?.instance ?? ''))].filter((instance) => instance !== '');
  }

  /** Takes out what a log that ends at `seq` does not have, in order. Without `isLost` only what has no owner. */
  take(seq: number, isLost: IsLost = () => undefined): TailEntry[] {
    const found: (TailEntry & { seq: number; count: number })[] = [];
    for (const key of Object.keys(this.#storage ?? {})) {
      if (!key.startsWith(this.#prefix)) continue;
      const { owner, number, count } = this.#parse(key);
      const lost = owner === undefined ? number > seq : isLost(owner, number);
      if (lost === undefined || this.#kept.has(key)) continue;
      const text = this.#seal.open(key, this.#storage!.getItem(key) ?? '');
      if (text === undefined) continue;
      try {
        const entry = JSON.parse(text) as TailEntry;
        if (lost && typeof entry.action?.type === 'string') found.push({ ...entry, seq: number, count });
      } catch {
        // Not ours, or cut off: the log has everything before it.
      }
      this.#storage!.removeItem(key);
    }
    return found.sort((a, b) => a.at - b.at || a.seq - b.seq || a.count - b.count);
  }

  #parse(key: string): { owner?: TailOwner; number: number; count: number } {
    const [role, instance, number, count = 0] = key.slice(this.#prefix.length).split(':');
    return number === undefined ? { number: Number(role), count: 0 } : { owner: { isWriter: role === 'w', instance: instance! }, number: Number(number), count: Number(count) };
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
