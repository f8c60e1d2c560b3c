// The standby copy: the primary's files once more, in another failure domain, at most a second behind.
// It keeps no queue. A file of the store is never rewritten under its name, so a copy is brought up to
// date by comparing names: what the primary has and the copy has not is put, what it no longer has is deleted.
import type { StoredWrite } from '../core-files.js';
import type { Vault } from '../vault/vault.js';
import type { StandbyStatus } from './types.js';
import { Primary } from './primary.js';
import { abortAll, openStandbyPlace, type StandbyPlace } from './standby-place.js';

/**
 * Between the beginnings of two copies, in milliseconds. Below the log's own pace: what it writes while somebody
 * edits is copied at once, and a program that waits for each of its edits costs five copies a second.
 */
const kPaceMs = 200;
const kRetryMs = 5_000;
/** A larger write is copied when the primary has it: a value is copied and compressed on the page's thread, which whoever waits would wait for. */
const kDirectBytes = 1 << 20;
/** Files that are read into memory at a time. */
const kBatch = 32;
/** The files that are written again under their own names. */
const kMutable = ['stable', 'seal'];

export interface StandbyHost {
  /** The files' own database; undefined while there is no connection. */
  primary(): Primary | undefined;
  /** Up to where the primary has the commits, and up to where they were handed to it. */
  status(): { durableSeq: number; handedSeq: number };
  /** The status changed. */
  changed(): void;
  /** Of a store that may be sealed. */
  vault?: Vault | undefined;
}

export class Standby {
  readonly #host: StandbyHost;
  readonly #path: string;
  #place: StandbyPlace | undefined;
  #names: Set<string> | undefined;
  /** What the copy had at the start and the primary had not: it may be another file of the same name. */
  #strangers: string[] = [];
  /** Handed to the primary in this turn. */
  #handed: StoredWrite[] = [];
  /** Writes that are in the copy without having been read back. */
  readonly #direct = new WeakSet<StoredWrite>();
  /** How many of these the primary has not completed. */
  #unconfirmed = 0;
  /** What the primary must have; a copy of a primary without it would be a copy of a loss. */
  readonly #expected = new Set<string>();
  /** What the primary had when the copy began to follow. */
  #original = new Set<string>();
  readonly #rewritten = new Set<string>(kMutable);
  #status: StandbyStatus = { kind: 'none', state: 'starting', seq: 0, at: null, error: null };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastStart = 0;
  #running: Promise<void> | undefined;
  #dirty = true;
  /** The primary was emptied and has no complete snapshot yet: until then the copy is the only whole one. */
  #isHalf = false;
  /** The copy has another seal than the primary, so every file is another: they are replaced in one write. */
  #isForeign = false;
  #stopped = false;
  #isDown = false;

  constructor(path: string, host: StandbyHost) {
    this.#path = path;
    this.#host = host;
  }

  get status(): StandbyStatus {
    return this.#status;
  }

  /** The place, opened when first asked for; undefined where the browser has none. */
  async place(): Promise<StandbyPlace | undefined> {
    if (this.#isDown) return undefined;
    this.#place ??= await openStandbyPlace(this.#path);
    return this.#place;
  }

  /** From here on the copy follows. `names`: the files that the primary has now. */
  start(names: readonly string[]): void {
    for (const name of names) this.#expected.add(name);
    this.#original = new Set(names);
    this.#schedule();
  }

  /**
   * A write is on its way to the primary: it goes to the copy at the same time, if everything before it is there, it is not
   * large, and the pace allows. Should it fail in the primary, the next comparison removes it.
   */
  storing(write: StoredWrite): void {
    if (this.#handed.push(write) === 1) queueMicrotask(() => this.#mirrorDirectly(this.#handed.splice(0)));
  }

  stored(write: StoredWrite): void {
    const { puts, deletes } = write;
    if (puts.some(([name]) => name.startsWith('head'))) this.#isHalf = false;
    if (this.#direct.has(write)) this.#unconfirmed--;
    if (this.#direct.has(write) && deletes.length === 0) {
      for (const [name] of puts) this.#expected.add(name);
      return;
    }
    for (const [name] of puts) {
      if (this.#expected.has(name)) this.#rewritten.add(name);
      this.#expected.add(name);
    }
    for (const name of deletes) this.#expected.delete(name);
    this.#dirty = true;
    if (this.#status.state === 'current') this.#tell({ state: 'behind' });
    this.#schedule();
  }

  /** The primary was emptied under an open store; the core writes everything again. */
  emptied(): void {
    this.#expected.clear();
    this.#isHalf = true;
  }

  /** Copies what is left, and gives the place up. Resolves in any case. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#running;
    this.#stopped = true;
    if (this.#dirty && !this.#isHalf && this.#names !== undefined) {
      // The core has closed its connection by now.
      const primary = await Primary.open(this.#path).catch(() => undefined);
      if (primary !== undefined) await this.#run(primary);
      primary?.db.close();
    }
    this.#place?.close();
    this.#place = undefined;
  }

  /** Gives the place up at once: another tab's copy follows there. */
  standDown(): void {
    clearTimeout(this.#timer);
    this.#stopped = true;
    this.#dirty = false;
    this.#isDown = true;
    abortAll();
    this.#place?.close();
    this.#place = undefined;
  }

  #schedule(delayMs = 0): void {
    if (this.#timer !== undefined || this.#running !== undefined || this.#stopped || this.#status.state === 'none') return;
    const waitMs = Math.max(delayMs, this.#lastStart + kPaceMs - Date.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (!this.#isHalf) this.#running = this.#run();
    }, waitMs);
    // Node: a copy that waits keeps no program from ending.
    (this.#timer as { unref?: () => void }).unref?.();
  }

  #mirrorDirectly(writes: StoredWrite[]): void {
    const have = this.#names;
    const puts = writes.flatMap((write) => write.puts).sort(([a], [b]) => inPutOrder(a, b));
    const isSmall = puts.reduce((bytes, [, contents]) => bytes + contents.length, 0) <= kDirectBytes;
    const isFree = isSmall && !this.#isHalf && this.#running === undefined && !this.#dirty && !this.#stopped && this.#unconfirmed === 0 && Date.now() >= this.#lastStart + kPaceMs;
    if (this.#place === undefined || have === undefined || !isFree || puts.some(([name]) => this.#rewritten.has(name) || have.has(name))) return;
    this.#lastStart = Date.now();
    for (const write of writes) this.#direct.add(write);
    this.#unconfirmed = writes.length;
    const mark = { seq: this.#host.status().handedSeq, at: this.#lastStart, ...this.#seal(), direct: puts.map(([name]) => name) };
    this.#running = this.#place.write({ puts, deletes: [], mark }).then(() => {
      for (const [name] of puts) have.add(name);
      this.#running = undefined;
      this.#tell({ state: this.#dirty ? 'behind' : 'current', seq: mark.seq, at: mark.at, error: null });
      if (this.#dirty) this.#schedule();
    }, (error: DOMException) => this.#failed(error));
  }

  #failed({ name, message }: DOMException): void {
    this.#running = undefined;
    this.#dirty = true;
    this.#names = undefined; // what of it arrived is not known
    this.#place?.close();
    this.#place = undefined;
    this.#tell({ state: 'failed', error: { code: name === 'QuotaExceededError' ? 'quota' : 'unknown', message: `${name}: ${message}` } });
    this.#schedule(kRetryMs);
  }

  async #run(primary = this.#host.primary()): Promise<void> {
    this.#lastStart = Date.now();
    this.#dirty = false;
    try {
      await this.#copy(primary);
    } catch (error) {
      return this.#failed(error as DOMException);
    }
    this.#running = undefined;
    if (this.#dirty) this.#schedule();
  }

  async #copy(primary: Primary | undefined): Promise<void> {
    const place = await this.place();
    if (place === undefined) return this.#tell({ state: 'none' });
    if (primary === undefined) throw new DOMException('the primary has no connection', 'InvalidStateError');
    if (this.#status.state !== 'current') this.#tell({ kind: place.kind, state: 'behind' });
    const have = (this.#names ??= await this.#known(place));
    for (;;) {
      const seq = this.#host.status().durableSeq;
      const expected = [...this.#expected];
      let isLast = false;
      const { names, files } = await primary.snapshot((found) => {
        const missing = found.filter((name) => !have.has(name) && !this.#rewritten.has(name)).sort(inPutOrder);
        isLast = missing.length <= kBatch || this.#isForeign;
        return isLast ? [...missing, ...found.filter((name) => this.#rewritten.has(name))] : missing.slice(0, kBatch);
      });
      const there = new Set(names);
      const lost = expected.find((name) => !there.has(name) && this.#expected.has(name));
      if (lost !== undefined) throw new DOMException(`the primary has lost its file ${lost}; the copy stays as it is`, 'DataError');
      files.sort(([a], [b]) => inPutOrder(a, b));
      if (files.length === 0) this.#lastStart = 0; // nothing was written, so nothing has to wait
      const deletes = isLast ? [...have, ...this.#strangers].filter((name) => !there.has(name)) : [];
      this.#unconfirmed = 0;
      const mark = { seq, at: Date.now(), ...this.#seal() };
      await place.write(isLast ? { puts: files, deletes, mark } : { puts: files, deletes });
      for (const [name] of files) have.add(name);
      for (const name of deletes) have.delete(name);
      if (!isLast) continue;
      this.#strangers = [];
      this.#isForeign = false;
      for (const [name] of files) if (!kMutable.includes(name)) this.#rewritten.delete(name);
      return this.#tell({ kind: place.kind, state: this.#dirty ? 'behind' : 'current', seq, at: mark.at, error: null });
    }
  }

  /** The files that the copy and the primary both have, and so are the same. */
  async #known(place: StandbyPlace): Promise<Set<string>> {
    const { names, mark } = await place.look();
    this.#isForeign = names.length > 0 && (mark?.seal ?? '') !== (this.#seal().seal ?? '');
    if (this.#isForeign) await this.#sealAside(place);
    const isSame = (name: string): boolean => !this.#isForeign && this.#original.has(name) && !mark?.direct?.includes(name);
    this.#strangers = names.filter((name) => !isSame(name));
    return new Set(names.filter(isSame));
  }

  #seal(): { seal?: string } {
    const id = this.#host.vault?.id;
    return id ? { seal: id } : {};
  }

  /** What was put aside before the store was sealed is not left behind in plain. */
  async #sealAside(place: StandbyPlace): Promise<void> {
    const aside = this.#seal().seal ? await place.quarantined() : [];
    if (aside.length > 0) await place.quarantine(await this.#host.vault!.sealAll(aside));
  }

  #tell(changes: Partial<StandbyStatus>): void {
    this.#status = { ...this.#status, ...changes };
    this.#host.changed();
  }
}

/** Heads behind everything that they name; else as the numbers say. */
function inPutOrder(a: string, b: string): number {
  const rank = (name: string): number => (name.startsWith('head') ? 1e9 : 0) + (Number(/\d+/.exec(name)) || 0);
  return rank(a) - rank(b);
}
