// A second home for the last moment's edits. Writes to IndexedDB are paced (at most four a second),
// so a renderer that dies in a burst would take a quarter of a second with it. Local storage is handed
// to the browser's process in the same turn, in a database of its own; what is there and not in the
// log is dispatched again at the next start. In workers and in Node there is no such home.
import type { AnyAction } from './frame.js';

/** A bulk of edits is not the last moment of somebody typing: beyond these nothing more is kept. */
const kMaxEntries = 64;
const kMaxCharacters = 512 << 10;
/**
 * So many of one turn are each kept in it; what a program edits in a row behind them is kept together when the turn ends:
 * a call for each would take longer than all else that a burst costs.
 */
const kKeptAtOnce = 4;

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
  /** The highest number of what is there. */
  seq: number;
  characters: number;
  entries: number;
}

/** An entry as it is written. */
type Written = TailEntry & { seq?: number | null; count?: number };

export class TailHome {
  readonly #prefix: string;
  readonly #storage: Storage | undefined;
  readonly #seal: TailSeal;
  readonly #session: string | undefined;
  /** By key. */
  readonly #kept = new Map<string, Kept>();
  #characters = 0;
  #entries = 0;
  /** Keys that were made, and entries. */
  #keys = 0;
  #count = 0;
  /** How many entries came in this turn, and those of them that wait for its end, as JSON. */
  #inTurn = 0;
  #waiting: string[] = [];
  #waitingSeq = 0;
  /**
   * Keys of what has just become durable. Who waited for that and edits again overwrites one, which costs half of removing it and
   * making another; else they are removed in a moment. Not later: in a store that is found wiped they would count as lost.
   */
  #stale: string[] = [];
  #reuses = true;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** In front of the numbers of what is kept from here on. */
  #owner = '';

  constructor(name: string, storage = localStorageHere(), seal = kPlain, session?: string) {
    this.#session = session;
    this.#prefix = tailPrefix(name);
    this.#storage = storage;
    this.#seal = seal;
  }

  /**
   * `seq` is Infinity for what has no number yet; it is kept only where it is known whose it is. `bytes`: no more than three times as
   * many as the characters of what it takes; beyond the bound nothing is made a text.
   */
  keep(seq: number, { action: { type, payload, meta }, at, group }: TailEntry, bytes = 0): void {
    if (this.#storage === undefined || this.#entries >= kMaxEntries || bytes > 3 * kMaxCharacters || (this.#owner === '' && seq === Infinity)) return;
    const { session = this.#session } = (meta ?? {}) as { session?: string };
    let text: string;
    try {
      text = JSON.stringify({ action: { type, payload }, at, group, session, seq, count: ++this.#count });
    } catch {
      return; // no JSON: it will be refused
    }
    if (this.#characters + text.length > kMaxCharacters) return;
    this.#characters += text.length;
    this.#entries++;
    if (this.#inTurn++ === 0) queueMicrotask(() => this.turnEnded());
    if (this.#inTurn <= kKeptAtOnce) return this.#write(seq, text, text.length, 1);
    this.#waitingSeq = Math.max(seq, this.#waiting.length > 0 ? this.#waitingSeq : 0);
    this.#waiting.push(text);
  }

  /** Nothing waits any more. By itself when the turn ends; a page that goes away may have no such moment. */
  turnEnded(): void {
    this.#inTurn = 0;
    const texts = this.#waiting.splice(0);
    if (texts.length > 0) this.#write(this.#waitingSeq, `[${texts.join()}]`, lengthOf(texts), texts.length);
  }

  /** Forgets what is durable in the log. */
  prune(durableSeq: number): void {
    if (this.#waitingSeq <= durableSeq) {
      this.#forget(lengthOf(this.#waiting), this.#waiting.length);
      this.#waiting = [];
    }
    for (const [key, { seq, characters, entries }] of this.#kept) {
      if (seq > durableSeq) continue;
      this.#kept.delete(key);
      this.#forget(characters, entries);
      if (this.#reuses) this.#stale.push(key);
      else this.#storage!.removeItem(key);
    }
    if (this.#stale.length === 0) return;
    this.#timer ??= setTimeout(() => this.#clean(), 0);
    (this.#timer as { unref?: () => void }).unref?.();
  }

  /** What is kept from here on has the numbers of another instance. */
  belongsTo({ isWriter, instance }: TailOwner): void {
    this.turnEnded();
    this.#clean();
    this.#owner = `${isWriter ? 'w' : 'f'}:${instance}:`;
    // Whether an entry of a follower is in the store is known for a while only.
    this.#reuses = isWriter;
  }

  #write(seq: number, plain: string, characters: number, entries: number): void {
    const key = this.#stale.pop() ?? `${this.#prefix}${this.#owner}${++this.#keys}`;
    try {
      const text = this.#seal.seal(key, plain);
      if (text === undefined) this.#storage!.removeItem(key);
      else this.#storage!.setItem(key, text);
      if (text !== undefined) return void this.#kept.set(key, { seq, characters, entries });
    } catch {
      // Full or forbidden: the log is the first home, this one is a help.
      this.#stale.push(key);
    }
    this.#forget(characters, entries);
  }

  #forget(characters: number, entries: number): void {
    this.#characters -= characters;
    this.#entries -= entries;
  }

  #clean(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const key of this.#stale.splice(0)) this.#storage!.removeItem(key);
  }

  /** The instances of which something is kept. */
  owners(): string[] {
    const keys = Object.keys(this.#storage ?? {}).filter((key) => key.startsWith(this.#prefix));
    return [...new Set(keys.map((key) => this.#parse(key).owner?.instance ?? ''))].filter((instance) => instance !== '');
  }

  /** Takes out what a log that ends at `seq` does not have, in order. Without `isLost` only what has no owner. */
  take(seq: number, isLost: IsLost = () => undefined): TailEntry[] {
    const found: (TailEntry & { seq: number; count: number })[] = [];
    this.#clean();
    const isMissing = (owner: TailOwner | undefined, number: number): boolean | undefined => (owner === undefined ? number > seq : isLost(owner, number));
    for (const key of Object.keys(this.#storage ?? {})) {
      if (!key.startsWith(this.#prefix)) continue;
      const { owner, number } = this.#parse(key);
      if (isMissing(owner, number) === undefined || this.#kept.has(key)) continue;
      const text = this.#seal.open(key, this.#storage!.getItem(key) ?? '');
      if (text === undefined) continue;
      try {
        const parsed = JSON.parse(text) as Written | Written[];
        for (const entry of Array.isArray(parsed) ? parsed : [parsed]) {
          const numbered = entry.seq === undefined ? number : (entry.seq ?? Infinity); // JSON has no Infinity
          if (isMissing(owner, numbered) && typeof entry.action?.type === 'string') found.push({ count: 0, ...entry, seq: numbered });
        }
      } catch {
        // Not ours, or cut off: the log has everything before it.
      }
      this.#storage!.removeItem(key);
    }
    return found.sort((a, b) => a.at - b.at || a.seq - b.seq || a.count - b.count);
  }

  #parse(key: string): { owner?: TailOwner; number: number } {
    const [role, instance, number] = key.slice(this.#prefix.length).split(':');
    return number === undefined ? { number: Number(role) } : { owner: { isWriter: role === 'w', instance: instance! }, number: Number(number) };
  }
}

const lengthOf = (texts: readonly string[]): number => texts.reduce((sum, { length }) => sum + length, 0);

function localStorageHere(): Storage | undefined {
  try {
    // Node's own experimental localStorage prints a warning when it is touched.
    return typeof document === 'undefined' ? undefined : globalThis.localStorage;
  } catch {
    return undefined;
  }
}
