// The standby copy: the primary's files once more, in another failure domain, at most a second behind.
// It keeps no queue. A file of the store is never rewritten under its name, so a copy is brought up to
// date by comparing names: what the primary has and the copy has not is put, what it no longer has is deleted.
import type { CoreFile, StoredWrite } from '../core-files.js';
import type { StandbyStatus } from './types.js';
import { Primary } from './primary.js';
import { openStandbyPlace, type StandbyPlace } from './standby-place.js';

/** After a write, so that a burst becomes one copy. Milliseconds. */
const kDelayMs = 50;
/** Between the beginnings of two copies: each is a strict transaction, and the device should sleep. */
const kPaceMs = 1_000;
const kRetryMs = 5_000;
/** Files that are read into memory at a time. */
const kBatch = 32;
/** The files that are written again under their own names. */
const kMutable = ['stable', 'head'];

export interface StandbyHost {
  /** The files' own database; undefined while there is no connection. */
  primary(): Primary | undefined;
  /** Every commit up to this is in the primary. */
  durableSeq(): number;
  /** The status changed. */
  changed(): void;
}

export class Standby {
  readonly #host: StandbyHost;
  readonly #path: string;
  #place: StandbyPlace | undefined;
  #names: Set<string> | undefined;
  /** What the primary must have; a copy of a primary without it would be a copy of a loss. */
  readonly #expected = new Set<string>();
  readonly #rewritten = new Set<string>(kMutable);
  #status: StandbyStatus = { kind: 'none', state: 'starting', seq: 0, at: null, error: null };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastStart = 0;
  #running: Promise<void> | undefined;
  #dirty = true;
  #stopped = false;

  constructor(path: string, host: StandbyHost) {
    this.#path = path;
    this.#host = host;
  }

  get status(): StandbyStatus {
    return this.#status;
  }

  /** The place, opened when first asked for; undefined where the browser has none. */
  async place(): Promise<StandbyPlace | undefined> {
    this.#place ??= await openStandbyPlace(this.#path);
    return this.#place;
  }

  /** From here on the copy follows. `names`: the files that the primary has now. */
  start(names: readonly string[]): void {
    for (const name of names) this.#expected.add(name);
    this.#schedule(kDelayMs);
  }

  stored({ puts, deletes }: StoredWrite): void {
    for (const [name] of puts) {
      if (this.#expected.has(name)) this.#rewritten.add(name);
      this.#expected.add(name);
    }
    for (const name of deletes) this.#expected.delete(name);
    this.#dirty = true;
    if (this.#status.state === 'current') this.#tell({ state: 'behind' });
    this.#schedule(kDelayMs);
  }

  /** The primary was emptied under an open store; the core writes everything again. */
  emptied(): void {
    this.#expected.clear();
  }

  /** Copies what is left, and gives the place up. Resolves in any case. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#running;
    this.#stopped = true;
    if (this.#dirty && this.#names !== undefined) {
      // The core has closed its connection by now.
      const primary = await Primary.open(this.#path).catch(() => undefined);
      if (primary !== undefined) await this.#run(primary);
      primary?.db.close();
    }
    this.#place?.close();
    this.#place = undefined;
  }

  #schedule(delayMs: number): void {
    if (this.#timer !== undefined || this.#running !== undefined || this.#stopped || this.#status.state === 'none') return;
    const waitMs = Math.max(delayMs, this.#lastStart + kPaceMs - Date.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#running = this.#run();
    }, waitMs);
    // Node: a copy that waits keeps no program from ending.
    (this.#timer as { unref?: () => void }).unref?.();
  }

  async #run(primary = this.#host.primary()): Promise<void> {
    this.#lastStart = Date.now();
    this.#dirty = false;
    let again = kDelayMs;
    try {
      await this.#copy(primary);
    } catch (error) {
      this.#dirty = true;
      again = kRetryMs;
      this.#names = undefined; // what of it arrived is not known
      const { name, message } = error as DOMException;
      this.#tell({ state: 'failed', error: { code: name === 'QuotaExceededError' ? 'quota' : 'unknown', message: `${name}: ${message}` } });
    }
    this.#running = undefined;
    if (this.#dirty) this.#schedule(again);
  }

  async #copy(primary: Primary | undefined): Promise<void> {
    const place = await this.place();
    if (place === undefined) return this.#tell({ state: 'none' });
    if (primary === undefined) throw new DOMException('the primary has no connection', 'InvalidStateError');
    if (this.#status.state !== 'current') this.#tell({ kind: place.kind, state: 'behind' });
    const have = (this.#names ??= new Set(await place.names()));
    for (;;) {
      const seq = this.#host.durableSeq();
      const expected = [...this.#expected];
      let isLast = false;
      const { names, files } = await primary.snapshot((found) => {
        const missing = found.filter((name) => !have.has(name) && !this.#rewritten.has(name));
        isLast = missing.length <= kBatch;
        return isLast ? [...missing, ...found.filter((name) => this.#rewritten.has(name))] : missing.slice(0, kBatch);
      });
      const there = new Set(names);
      const lost = expected.find((name) => !there.has(name) && this.#expected.has(name));
      if (lost !== undefined) throw new DOMException(`the primary has lost its file ${lost}; the copy stays as it is`, 'DataError');
      files.sort(inPutOrder);
      if (files.length === 0) this.#lastStart = 0; // nothing was written, so nothing has to wait
      const deletes = isLast ? [...have].filter((name) => !there.has(name)) : [];
      const mark = { seq, at: Date.now() };
      await place.write(isLast ? { puts: files, deletes, mark } : { puts: files, deletes });
      for (const [name] of files) have.add(name);
      for (const name of deletes) have.delete(name);
      if (!isLast) continue;
      for (const [name] of files) if (!kMutable.includes(name)) this.#rewritten.delete(name);
      return this.#tell({ kind: place.kind, state: this.#dirty ? 'behind' : 'current', seq, at: mark.at, error: null });
    }
  }

  #tell(changes: Partial<StandbyStatus>): void {
    this.#status = { ...this.#status, ...changes };
    this.#host.changed();
  }
}

/** Segments in their order, and `head` behind everything that it names. */
function inPutOrder([a]: CoreFile, [b]: CoreFile): number {
  const rank = (name: string): number => (name === 'head' ? Infinity : Number(name.replace(/\D+/, '').replace(/-.*/, '')) || 0);
  return rank(a) - rank(b);
}
