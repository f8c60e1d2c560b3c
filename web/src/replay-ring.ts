// What was dispatched and is not durable yet: the source of a replay after the WebAssembly instance
// died. Bounded by bytes; an overflow drops the oldest and is counted, since the log on disk, not
// this ring, is what keeps edits.
import type { AnyAction } from './frame.js';
import type { IsLost, TailEntry, TailHome, TailOwner } from './tail-home.js';

export const maxRingBytes = 64 << 20;

export interface RingEntry {
  /** The commit's number; Infinity while the action has no commit in the present instance. */
  seq: number;
  readonly action: AnyAction;
  readonly bytes: number;
  /** When it was dispatched, Unix time in milliseconds, and the undo group it was part of: a replay makes the same steps. */
  readonly at: number;
  readonly group: string;
  /** How many instances died of this action. */
  traps: number;
}

export class ReplayRing {
  #entries: RingEntry[] = [];
  #head = 0;
  #bytes = 0;
  #dropped = 0;
  readonly #maxBytes: number;
  readonly #tail: TailHome | undefined;

  /** `tail`: where the entries are also kept for a start after the page died. */
  constructor(tail?: TailHome, maxBytes = maxRingBytes) {
    this.#tail = tail;
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Actions that had to go before they were known to be durable. */
  get dropped(): number {
    return this.#dropped;
  }

  get length(): number {
    return this.#entries.length - this.#head;
  }

  add(seq: number, action: AnyAction, bytes: number, group = ''): RingEntry {
    const entry: RingEntry = { seq, action, bytes, at: Date.now(), group, traps: 0 };
    this.#entries.push(entry);
    if (seq !== Infinity) this.#tail?.keep(seq, entry, bytes);
    this.#bytes += bytes;
    while (this.#bytes > this.#maxBytes && this.length > 1) {
      this.#shift();
      this.#dropped++;
    }
    return entry;
  }

  /** An action that waits for an instance: should the page end before, the next one finds it. */
  waits(action: AnyAction): void {
    const { group } = (action.meta ?? {}) as { group?: unknown };
    this.#tail?.keep(Infinity, { action, at: Date.now(), group: typeof group === 'string' ? group : '' });
  }

  /** What an earlier page left in its second home and the log, which ends at `seq`, does not have. */
  takeTail(seq: number, isLost?: IsLost): TailEntry[] {
    return this.#tail?.take(seq, isLost) ?? [];
  }

  /** Instances that left something there. */
  tailOwners(): string[] {
    return this.#tail?.owners() ?? [];
  }

  /** From here on numbers are those of another instance. */
  belongsTo(owner: TailOwner): void {
    this.#tail?.belongsTo(owner);
  }

  /** Everything here is in the commits up to `seq`. */
  renumber(seq: number): void {
    this.#tail?.prune(Infinity);
    for (const entry of this.#entries.slice(this.#head)) if (entry.seq !== Infinity) this.place(entry, seq);
  }

  /** The present instance has done it again, as its commit `seq`. */
  place(entry: RingEntry, seq: number): void {
    entry.seq = seq;
    this.#tail?.keep(seq, entry, entry.bytes);
  }

  /** Takes out the action with that number. */
  takeOut(seq: number): AnyAction | undefined {
    const entry = this.#entries.slice(this.#head).find((one) => one.seq === seq);
    if (entry !== undefined) this.remove(entry);
    return entry?.action;
  }

  /** Every entry in its order; `seq` is Infinity while it has no commit. */
  forEach(run: (seq: number, action: AnyAction) => void): void {
    for (let index = this.#head; index < this.#entries.length; index++) run(this.#entries[index]!.seq, this.#entries[index]!.action);
  }

  /** The page goes away: what waits for the end of the turn is kept now. */
  leaving(): void {
    this.#tail?.turnEnded();
  }

  /** Forgets what is durable. */
  prune(durableSeq: number): void {
    this.#tail?.prune(durableSeq);
    while (this.length > 0 && this.#entries[this.#head]!.seq <= durableSeq) this.#shift();
  }

  /** The entries that an instance which recovered `seq` does not have, in order. They lose their numbers. */
  after(seq: number): RingEntry[] {
    this.#tail?.prune(Infinity); // place() keeps them again, in this turn
    const missing = this.#entries.slice(this.#head).filter((entry) => entry.seq > seq);
    for (const entry of missing) entry.seq = Infinity;
    return missing;
  }

  remove(entry: RingEntry): void {
    const index = this.#entries.indexOf(entry, this.#head);
    if (index < 0) return;
    this.#entries.splice(index, 1);
    this.#bytes -= entry.bytes;
  }

  #shift(): void {
    this.#bytes -= this.#entries[this.#head]!.bytes;
    this.#entries[this.#head++] = undefined as unknown as RingEntry;
    if (this.#head > 1024 && this.#head > this.#entries.length >> 1) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
  }
}
