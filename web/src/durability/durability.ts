// Everything of durability that the client shows: levels, the standby copy, incidents, storage states.
import { CoreError } from '../errors.js';
import { wireOf } from '../slice-set.js';
import { sliceTable } from '../generated/slices.js';
import type { ReplayRing } from '../replay-ring.js';
import type { CoreConfig, CoreStatus } from '../types.js';
import type { ClientOptions } from '../vault/client-options.js';
import type { Encryption } from '../vault/types.js';
import { levelOf, Levels, type LevelSeqs } from './levels.js';
import { StoreGuard } from './store-guard.js';
import type { DurabilityLevel, DurabilityStatus, StorageControl, StorageEstimate } from './types.js';

export interface DurabilityHost {
  status(): CoreStatus;
  /** Read again: the core tells of a change of state, not of every number. */
  freshStatus(): CoreStatus;
  /** What was read of the status is old. */
  forgetStatus(): void;
  /** JSON text of one entry of any slice, the hidden ones too; "" when absent. */
  text(slice: string, id: string): string;
  changed(): void;
  /** Lets the core talk to its server, which it may not while a wiped store waits for a decision. */
  connect(): void;
  pull(): Promise<unknown>;
  /** Whether another tab writes. */
  isFollower(): boolean;
}

type Known = Omit<CoreStatus, 'runtime' | 'durability' | 'backups' | 'tabs'>;

export class Durability implements StorageControl {
  readonly #options: ClientOptions;
  readonly #config: CoreConfig;
  readonly #host: DurabilityHost;
  readonly #ring: ReplayRing;
  /** undefined while nobody asks for the level of an item. */
  #levels: Levels | undefined;
  #notedSeq = 0;
  #persisted: boolean | null = null;
  #fallback: { code: 'unavailable'; message: string } | null = null;
  /** undefined for a store in memory. */
  guard: StoreGuard | undefined;

  constructor(options: ClientOptions, config: CoreConfig, ring: ReplayRing, host: DurabilityHost) {
    this.#options = options;
    this.#config = config;
    this.#host = host;
    this.#ring = ring;
    if (config.storage !== 'memory') this.guard = this.#makeGuard();
  }

  /** Whether nothing may be sent or fetched now. What a follower asks for, the writer does. */
  get holds(): boolean {
    return !this.#host.isFollower() && (this.guard?.holds ?? false);
  }

  /** Another tab is to write; a guard of its own begins when this one does again. */
  standDown(): void {
    this.guard?.standDown();
    if (this.guard !== undefined) this.guard = this.#makeGuard();
    this.renumbered();
  }

  /** Commits have other numbers than before. */
  renumbered(): void {
    this.#levels = undefined;
    this.#notedSeq = 0;
  }

  /** The database cannot be used at all: true when the store goes on in memory, as the options allow. */
  fallBack(error: unknown): boolean {
    if (this.#options.strictStorage || this.#config.storage === 'memory') return false;
    if (!(error instanceof CoreError) || !/^unavailable\b/.test(error.code === 'storage' ? error.message : error.code)) return false;
    this.#config.storage = 'memory';
    this.guard = undefined;
    this.#fallback = { code: 'unavailable', message: error.message };
    return true;
  }

  /** What the core says, with what is known outside of it. */
  compose(known: Known): Pick<CoreStatus, 'storage' | 'durability'> {
    const { guard } = this;
    const seqs = this.#seqs(known);
    const storage = {
      ...known.storage, standby: guard?.standby ?? { kind: 'none' as const, state: 'none' as const, seq: 0, at: null, error: null },
      incident: guard?.incident ?? null, persisted: this.#persisted, seal: this.#options.vault?.status ?? null, error: known.storage.error ?? this.#fallback,
    };
    const durability: DurabilityStatus = { level: this.#wholeLevel(known, seqs), dispatched: known.seq, ...seqs };
    return { storage, durability };
  }

  #makeGuard(): StoreGuard {
    const options = this.#options;
    const host = this.#host;
    return new StoreGuard(this.#config.name, {
      vault: options.vault,
      status: () => host.status(),
      freshStatus: () => host.freshStatus(),
      handed: () => host.forgetStatus(),
      changed: () => host.changed(),
      happened: (incident) => options.onIncident?.(incident),
      isFollower: () => host.isFollower(),
      mayLose: options.discardUnreadable === true,
      firstStored: () => void (options.persistStorage !== false && this.persist()),
    });
  }

  /** null for a store in memory. */
  level(slice: string, id: string): DurabilityLevel | null {
    if (this.#config.storage === 'memory') return null;
    const status = this.#host.status();
    if (this.#levels === undefined) {
      this.#levels = new Levels();
      // What was edited before somebody asked is not known item by item.
      this.#levels.noteSlice('*', status.seq);
    }
    this.note(Infinity);
    const seqs = this.#seqs(status);
    this.#levels.forget(seqs.mirrored > 0 ? seqs.mirrored : seqs.strict);
    const seq = this.#levels.lastSeq(slice, id);
    return seq <= seqs.complete && this.#isAcknowledged(slice, id) ? 'acknowledged' : levelOf(seq, seqs);
  }

  /** The ring is about to forget its entries up to `durableSeq`. */
  note(durableSeq: number): void {
    const levels = this.#levels;
    if (levels === undefined) return;
    this.#ring.forEach((seq, action) => {
      if (seq <= this.#notedSeq || seq > durableSeq || seq === Infinity) return;
      levels.note(action, seq);
      this.#notedSeq = seq;
    });
  }

  /** The slices that these are about were changed by somebody else. */
  noteForeign(changes: readonly (readonly [slice: string, ...rest: unknown[]])[]): void {
    if (this.#levels === undefined || changes.length === 0) return;
    const { seq } = this.#host.status();
    for (const [slice] of changes) this.#levels.noteSlice(slice, seq);
  }

  // --- core.storage --------------------------------------------------------------------------------

  readonly estimate = async (): Promise<StorageEstimate> => {
    const storage = storageHere();
    const [{ usage = 0, quota = 0 }, persisted] = await Promise.all([storage?.estimate?.() ?? ({} as globalThis.StorageEstimate), storage?.persisted?.() ?? false]);
    this.#persisted = persisted;
    return { usage, quota, persisted };
  };

  readonly persist = async (): Promise<boolean> => {
    const storage = storageHere();
    this.#persisted = await (storage?.persist?.() ?? Promise.resolve(false)).catch(() => false);
    this.#host.changed();
    return this.#persisted;
  };

  readonly decide = async (choice: 'start-empty' | 'take-server'): Promise<void> => {
    if (choice !== 'start-empty' && choice !== 'take-server')
      throw new CoreError('malformed-payload', `storage.decide: ${JSON.stringify(choice)} is no choice; it is one of "start-empty", "take-server"`);
    if (this.guard === undefined) throw new CoreError('unsupported', 'storage.decide: there is nothing to decide');
    this.guard.decide(choice);
    this.#host.connect();
    if (choice === 'take-server') await this.#host.pull();
  };

  readonly rekey = async (encryption: Encryption): Promise<void> => {
    const { vault } = this.#options;
    if (!vault?.status) throw new CoreError('unsupported', 'storage.rekey: the store is not sealed; createCore seals it, given `encryption`');
    const { checkEncryption } = await import('../vault/make-vault.js');
    checkEncryption('storage.rekey', encryption);
    this.guard?.rewrote(['seal', await vault.rekey(encryption)]);
    this.#host.changed();
  };

  #seqs({ handedSeq, durableSeq, strictSeq }: Known): LevelSeqs {
    const { seq = 0 } = this.guard?.standby ?? {};
    return { handedOver: handedSeq, complete: durableSeq, strict: strictSeq, mirrored: Math.min(seq, durableSeq) };
  }

  #wholeLevel({ seq, sync }: Known, seqs: LevelSeqs): DurabilityLevel | null {
    if (this.#config.storage === 'memory') return null;
    const isAcknowledged = seq <= seqs.complete && sync.phase !== 'disabled' && sync.lastSyncedAt !== null && sync.pending + sync.parked + sync.conflicts + sync.rejected === 0;
    return isAcknowledged ? 'acknowledged' : levelOf(seq, seqs);
  }

  #isAcknowledged(slice: string, id: string): boolean {
    const custom = this.#options.slices?.[slice];
    const wire = custom ? wireOf(slice, custom) : (sliceTable as Record<string, { wire?: string }>)[slice]?.wire;
    const key = `${wire}:${id}`;
    return Boolean(wire) && this.#host.text('$outbox', key) === '' && this.#host.text('$shadow', key) !== '';
  }
}

const storageHere = (): Partial<Navigator['storage']> | undefined => (globalThis.navigator as Navigator | undefined)?.storage;
