// Watches over a store's files: notices at the start that some are gone or unreadable, has them
// restored from the standby copy, and keeps that copy up to date. Code that is rarely needed is loaded when it is.
import type { CoreFile, CoreFiles, FoundDatabase, StoredWrite } from '../core-files.js';
import { CoreError } from '../errors.js';
import type { CoreStatus } from '../types.js';
import type { Vault } from '../vault/vault.js';
import type { Outcome, Probe, Repaired } from './repair.js';
import { readSentinel, writeSentinel, type Sentinel } from './sentinel.js';
import type { Standby } from './standby.js';
import type { StandbyStatus, StorageIncident } from './types.js';

/** The sentinel follows the log at this distance, in milliseconds. */
const kSentinelMs = 500;
/** The last copy may take so long when the core is closed, in milliseconds. */
const kStopMs = 3_000;

export interface GuardHost {
  /** Of a store that may be sealed. */
  vault?: Vault | undefined;
  /** Of the running core. */
  status(): CoreStatus;
  /** Read again. Call changed() afterwards. */
  freshStatus(): CoreStatus;
  /** Commits were handed over: what was read of the status says less. Called inside the core. */
  handed(): void;
  /** What the guard says in the status changed. */
  changed(): void;
  /** Something was found at the start; called once the store runs. */
  happened(incident: StorageIncident): void;
  /** Whether another tab writes. */
  isFollower(): boolean;
  /** The first write of this page is on the device. */
  firstStored(): void;
  /** Whether a database that the browser cannot read may go with what no copy has. */
  mayLose: boolean;
}

export type Recovered = Pick<CoreStatus, 'seq' | 'recovery'>;

/** What a recovery gave, in the figures that tell the better one of two. */
export const outcomeOf = ({ seq, recovery: { items, commits, damagedRecords, tornBytes } }: Recovered): Outcome =>
  ({ seq, items, commits, damaged: damagedRecords + (tornBytes > 0 ? 1 : 0) });

export class StoreGuard {
  readonly #name: string;
  readonly #host: GuardHost;
  #sentinel: Sentinel | undefined;
  #standby: Promise<Standby> | undefined;
  #following: Standby | undefined;
  #listed: string[] = [];
  #path = '';
  #db: IDBDatabase | undefined;
  #found: FoundDatabase = { created: false, dataLoss: 'none' };
  #isExamined = false;
  #isDown = false;
  #hasStored = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  incident: StorageIncident | null = null;

  constructor(name: string, host: GuardHost) {
    this.#name = name;
    this.#host = host;
  }

  get standby(): StandbyStatus {
    return this.#following?.status ?? { kind: 'none', state: 'starting', seq: 0, at: null, error: null };
  }

  /** Nothing may be sent to the server or taken from it. */
  get holds(): boolean {
    return !this.#isExamined || this.incident?.decision === 'needed';
  }

  /** The guard's hooks, and the given ones behind them. */
  hooks(given: CoreFiles = {}): CoreFiles {
    return {
      ...given,
      unreadable: async (path, error) => {
        if (this.#isDown || this.#host.isFollower()) throw error; // the one who writes will see to it
        const { discardUnreadable } = await import('./unreadable.js');
        await discardUnreadable({ name: this.#name, path, error, mayLose: this.#host.mayLose });
        this.#found = { created: true, dataLoss: 'unreadable' };
      },
      opened: (path, db, found) => {
        this.#opened(path, db, found);
        given.opened?.(path, db, found);
      },
      listed: (files) => {
        this.#listed = files.map(([name]) => name);
        given.listed?.(files);
      },
      storing: (write) => {
        this.#host.handed();
        this.#following?.storing(write);
        given.storing?.(write);
      },
      stored: (write) => {
        this.#stored(write);
        given.stored?.(write);
      },
    };
  }

  /**
   * Looks at what an instance has just recovered. True when the primary was mended, so that it has to
   * be recovered again. Rejects when a copy of a wiped store is there and cannot be read: going on
   * would hide it.
   */
  async examine(recovered: Recovered, probe: Probe): Promise<boolean> {
    const sentinel = (this.#sentinel = readSentinel(this.#name));
    const found = outcomeOf(recovered);
    let isMended = false;
    if (sentinel?.isUndecided) {
      this.incident = this.#incident('wiped', { outcome: found, restoredFrom: null, quarantined: 0 }, 'needed');
    } else if (found.seq === 0 || found.damaged > 0 || found.seq < (sentinel?.seq ?? 0)) {
      isMended = await this.#repair(found, probe);
    }
    this.#isExamined = true;
    return isMended;
  }

  /** Whether examine() would have something to mend. If not, the files are trusted. */
  suspects(recovered: Recovered): boolean {
    const sentinel = (this.#sentinel = readSentinel(this.#name));
    const { seq, damaged } = outcomeOf(recovered);
    const isSuspect = sentinel?.isUndecided === true || seq === 0 || damaged > 0 || seq < (sentinel?.seq ?? 0);
    this.#isExamined = !isSuspect;
    return isSuspect;
  }

  /** Another tab watches the files now: nothing is copied any more, not even what is on its way. */
  standDown(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isDown = true;
    void this.#standby?.then((standby) => standby.standDown(), () => {});
  }

  /** The store runs; the copy follows from here on. */
  start(): void {
    if (this.incident !== null) this.#host.happened(this.incident);
    this.#writeSentinel();
    void this.#makeStandby().then((standby) => {
      this.#following = standby;
      standby.start(this.#listed);
      this.#host.changed();
    }, () => {});
  }

  /** A file was written again beside the core's own writes. */
  rewrote(file: CoreFile): void {
    this.#following?.stored({ id: 0, puts: [file], deletes: [], strict: true });
  }

  /** The page may never run again after this turn. */
  leaving(): void {
    if (this.#timer !== undefined) this.#writeSentinel();
  }

  /** Makes the last copy, if one is due. Resolves in any case. */
  async stop(): Promise<void> {
    if (this.#isDown) return;
    this.leaving();
    // A copy that hangs keeps nobody from closing.
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise((resolve) => { timer = setTimeout(resolve, kStopMs); });
    await Promise.race([this.#standby?.then((standby) => standby.stop()), late]);
    clearTimeout(timer);
  }

  /** The user has decided what becomes of a wiped store. Throws CoreError `unsupported` when there is nothing to decide. */
  decide(decision: 'start-empty' | 'take-server'): void {
    if (this.incident?.decision !== 'needed') throw new CoreError('unsupported', 'storage.decide: there is nothing to decide');
    this.incident = { ...this.incident, decision };
    this.#writeSentinel();
    this.#host.changed();
  }

  async #repair(found: Outcome, probe: Probe): Promise<boolean> {
    const [{ repair }, { Primary }, standby] = await Promise.all([import('./repair.js'), import('./primary.js'), this.#makeStandby()]);
    if (this.#db === undefined) return false;
    const cause = found.seq === 0 ? 'wiped' : found.damaged > 0 ? 'damaged' : 'rolled-back';
    const result = await repair({ found, place: await standby.place().catch(() => undefined), primary: new Primary(this.#db, this.#path), probe, isGivenUp: () => this.#isDown });
    // An empty store that nobody ever saw filled is a first start.
    if (cause !== 'wiped' || found.damaged > 0 || result.restoredFrom !== null || this.#sentinel !== undefined)
      this.incident = this.#incident(cause, result, result.outcome.seq === 0 ? 'needed' : 'none');
    return result.restoredFrom !== null;
  }

  #incident(cause: StorageIncident['cause'], { outcome, restoredFrom, quarantined }: Repaired, decision: StorageIncident['decision']): StorageIncident {
    const expectedSeq = Math.max(this.#sentinel?.seq ?? 0, outcome.seq);
    return {
      cause, restoredFrom, quarantined, decision, expectedSeq, ...outcome, at: Date.now(), dataLoss: this.#found.dataLoss,
      lost: expectedSeq - outcome.seq, unsynced: this.#sentinel?.unsynced ?? 0,
    };
  }

  #makeStandby(): Promise<Standby> {
    return (this.#standby ??= Promise.all([import('./standby.js'), import('./primary.js')]).then(([{ Standby }, { Primary }]) =>
      new Standby(this.#path, {
        primary: () => this.#db && new Primary(this.#db, this.#path),
        status: () => this.#host.freshStatus(),
        changed: () => this.#host.changed(),
        vault: this.#host.vault,
      })));
  }

  #opened(path: string, db: IDBDatabase, found: FoundDatabase): void {
    this.#path = path;
    this.#db = db;
    if (!this.#isExamined) this.#found = found.dataLoss === 'none' ? this.#found : found;
    else if (found.created) this.#following?.emptied();
  }

  #stored(write: StoredWrite): void {
    if (this.#following !== undefined) this.#following.stored(write);
    else this.#listed = [...this.#listed.filter((name) => !write.deletes.includes(name)), ...write.puts.map(([name]) => name)];
    this.#keepSentinel();
    if (this.#hasStored) return;
    this.#hasStored = true;
    this.#host.firstStored();
  }

  #keepSentinel(): void {
    this.#timer ??= setTimeout(() => this.#writeSentinel(), kSentinelMs);
    (this.#timer as { unref?: () => void }).unref?.();
  }

  #writeSentinel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { durableSeq, sync } = this.#host.status();
    const { incident } = this;
    // Until the user has decided, what was lost stays noted.
    if (incident?.decision === 'needed') writeSentinel(this.#name, { seq: incident.expectedSeq, unsynced: incident.unsynced, at: Date.now(), isUndecided: true });
    else writeSentinel(this.#name, { seq: durableSeq, unsynced: sync.pending, at: Date.now() });
  }
}
