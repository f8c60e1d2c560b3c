// The life of the WebAssembly instance behind a core: opened, replaced when it dies, given up, closed.
// Whoever wants something of it comes through ticket() or guard(), so that a trap anywhere leads to a
// fresh instance. What the core shows of it all is the client's business.
import type { SliceName } from './action-table.js';
import type { CoreFile } from './core-files.js';
import type { Durability } from './durability/durability.js';
import { outcomeOf } from './durability/store-guard.js';
import { CrashRecovery, rescue, type ReplayContext } from './crash-recovery.js';
import { CoreError } from './errors.js';
import type { AnyAction } from './frame.js';
import { Instance, restarted, TrapError, type Completion, type TicketResult } from './instance.js';
import type { FeedChange } from './mirror.js';
import type { ReplayRing } from './replay-ring.js';
import type { SliceText } from './slice-mirror.js';
import type { SliceSet } from './slice-set.js';
import type { ClientPhase } from './status.js';
import { TabLife } from './tabs/tab-life.js';
import type { Tabs } from './tabs/tabs.js';
import type { KnownTabs } from './tabs/types.js';
import type { TailEntry } from './tail-home.js';
import type { CoreConfig, CoreStatus } from './types.js';
import type { ClientOptions } from './vault/client-options.js';

/** What takeChanges() of the module gives. */
export interface Feed {
  changes: FeedChange[];
  done: Completion[];
  /** Edits that the writer in another tab refused: its number, and why. They are taken back in `changes`. */
  refused?: [number: number, error: { code: string; message: string }][];
  status: boolean;
}

export interface LifeHost {
  /** An instance is there and about to be opened. */
  fresh(instance: Instance): void;
  /** It recovered the store; `seq` is the number of its last commit. */
  opened(seq: number): void;
  /** Changes, completions or status wait in the instance that runs. */
  notified(instance: Instance): void;
  /** The first instance has recovered the store, and nothing has read it yet. Opening waits. */
  recovered(instance: Instance): Promise<void> | undefined;
  /** The phase is `running`. `again`: the instance replaces one that died. `tail`: edits of pages that could not save them. */
  running(again: boolean, tail: readonly TailEntry[]): void;
  /** The instance that runs writes now; it followed another tab. */
  tookOver(instance: Instance): void;
  /** To be dispatched again. */
  found(tail: readonly TailEntry[]): void;
  /** What another tab said in one turn. */
  deliver(instance: Instance, messages: readonly Uint8Array[]): void;
  /** The status may be another one. */
  changed(): void;
  /** Any other phase than `running`; `failure` when it is `failed`. */
  left(phase: ClientPhase, failure?: CoreError): void;
  /** Runs an action in an instance that is not shown yet. The new seq, or why it was refused. Throws TrapError. */
  perform(instance: Instance, action: AnyAction, context: ReplayContext): number | CoreError;
  /** The item as it was shown before the crash. */
  shown(slice: SliceName, id: string): unknown;
  /** What is shown of a slice. */
  text(slice: SliceName): SliceText;
  refused(action: AnyAction, error: CoreError): void;
  report(error: CoreError): void;
  /** Nothing of the store is used any more. */
  released(): void;
}

/** What the core itself says. */
type OpenedStatus = Omit<CoreStatus, 'tabs'> & { tabs: KnownTabs };

export class InstanceLife {
  readonly #options: ClientOptions;
  readonly #config: CoreConfig;
  readonly #host: LifeHost;
  readonly #ring: ReplayRing;
  readonly #durability: Durability;
  readonly #slices: SliceSet;
  readonly recovery: CrashRecovery;
  /** undefined where tabs cannot find one another. */
  tabs: TabLife | undefined;
  #instance: Instance | undefined;
  #phase: ClientPhase = 'opening';
  #failure: CoreError | undefined;
  #running: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;
  /** Of a page that stands still, or is about to: resolves when it runs again. */
  #still: Promise<void> | undefined;
  #wakeUp!: () => void;
  /** How often this page gave up the store's lock because it was to stand still. */
  #stepDowns = 0;
  #isGuarded = false;

  constructor(options: ClientOptions, config: CoreConfig, host: LifeHost, ring: ReplayRing, durability: Durability, slices: SliceSet, tabs?: Tabs) {
    this.#options = options;
    this.#config = config;
    this.#host = host;
    this.#ring = ring;
    this.#durability = durability;
    this.#slices = slices;
    this.recovery = new CrashRecovery({
      restart: () => this.#restart(),
      perform: (instance, action, context) => host.perform(instance, action, context),
      shown: (slice, id) => host.shown(slice, id),
      refused: (action, error) => host.refused(action, error),
    }, ring, slices);
    this.tabs = tabs && new TabLife(tabs, ring, options, {
      present: () => this.#instance, guard: (instance, run) => void this.guard(instance, run),
      deliver: (instance, messages) => host.deliver(instance, messages), changed: () => host.changed(),
      found: (entries) => host.found(entries), runs: () => /^(running|opening)$/.test(this.#phase),
    });
  }

  get phase(): ClientPhase {
    return this.#phase;
  }

  /** The instance, also while it opens and after it died. */
  get instance(): Instance | undefined {
    return this.#instance;
  }

  /** Why nothing is accepted any more. */
  refusal(): CoreError {
    return this.#failure ?? new CoreError('closed', 'the core is closed');
  }

  /** Opens the first instance. */
  start(): Promise<void> {
    this.#running = this.#start();
    this.#running.catch(() => {});
    return this.#running;
  }

  /** In the same turn when the core runs: a page that goes away has no other. */
  async ticket(run: Parameters<Instance['ticket']>[0]): Promise<TicketResult> {
    if (this.#phase === 'opening' || this.#phase === 'recovering') await this.#running;
    if (this.#phase !== 'running') throw this.refusal();
    return this.#instance!.ticket(run);
  }

  /** undefined when the instance died of it; a fresh one takes over then. */
  guard<Result>(instance: Instance, run: () => Result): Result | undefined {
    try {
      return run();
    } catch (error) {
      if (error instanceof CoreError) throw error;
      this.trapped(instance, error instanceof TrapError ? error : new TrapError(error));
      return undefined;
    }
  }

  /** The instance died. Another one takes over if it was the present one. */
  trapped(instance: Instance, error: TrapError): void {
    instance.kill();
    instance.abandon(restarted());
    if (instance !== this.#instance || this.#phase !== 'running') return;
    this.#replace(instance, false);
    this.#host.report(new CoreError('internal', `the core stopped (${error.message}); a fresh instance takes over`, { cause: error }));
  }

  /** The page is about to stand still, and may never run again. A writer steps down: it must not write once another one does. */
  rest(): void {
    const { tabs } = this;
    if (this.#still) return;
    this.#still = new Promise((wake) => (this.#wakeUp = wake));
    if (this.#instance) this.#instance.module.coreStill = this.#still;
    const isWriter = tabs?.tabs.isWriter;
    // What is in the log of an instance that died, or closes, only the next one of this tab can tell: it keeps the lock.
    const isKept = isWriter && this.#phase !== 'running' && (this.#phase === 'closing' || tabs?.continues);
    if (tabs === undefined || isKept) return;
    if (isWriter && this.#instance?.isDead === false) this.#stepDown(this.#instance, tabs);
    tabs.rest();
  }

  /** The page runs again. */
  wake(): void {
    if (!this.#still) return;
    this.#still = undefined;
    this.tabs?.wake();
    this.#wakeUp();
  }

  #stepDown(instance: Instance, { isFollower }: TabLife): void {
    this.#stepDowns++;
    if (this.#phase === 'running') {
      if (!isFollower) this.guard(instance, () => instance.call((module) => module.close()));
      this.#ring.prune(this.#statusOf(instance)?.durableSeq ?? 0);
      this.#isGuarded = false;
    }
    this.#durability.standDown();
    if (this.#phase === 'running') return this.#replace(instance);
    // It was about to open; whoever waits for it begins anew when the page runs again.
    instance.kill();
    instance.abandon(restarted());
  }

  /** Call it with every feed: another tab may have left the store to this one. */
  noteRole(instance: Instance): void {
    if (instance !== this.#instance || this.#phase !== 'running' || !this.tabs?.tookOver(() => this.#statusOf(instance)!)) return;
    const { guard } = this.#durability;
    const status = this.#statusOf(instance)!;
    this.#host.opened(status.seq);
    if (guard?.suspects({ ...status, seq: status.tabs.reached })) return this.#replace(instance); // it mends them first
    this.#tellServer(instance);
    this.#guardFiles();
    this.#host.tookOver(instance);
    void this.#findTail();
  }

  /** A fresh instance takes over. `isPlanned`: the old one did not die, it is put away. */
  #replace(instance: Instance, isPlanned = true): void {
    instance.kill();
    instance.abandon(restarted());
    this.#leave('recovering');
    this.#running = this.#recover(instance, isPlanned);
    this.#running.catch(() => {});
  }

  #tellServer(instance: Instance): void {
    const { flaskApiUrl } = this.#config;
    if (!this.#durability.holds) this.guard(instance, () => instance.call((module) => module.configure(JSON.stringify({ flaskApiUrl }))));
  }

  async #findTail(): Promise<void> {
    const entries = await this.#tail().catch(() => []);
    if (entries.length > 0) this.#host.found(entries);
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #open(): Promise<number> {
    const events = {
      notify: (instance: Instance) => {
        if (instance === this.#instance && !instance.isDead) this.#host.notified(instance);
      },
      trap: (instance: Instance, error: TrapError) => this.trapped(instance, error),
    };
    const instance = await Instance.start(this.#options, events, this.#options.onInstance, this.tabs?.early(this.#config.name));
    await this.#still;
    this.#instance = instance;
    this.#host.fresh(instance);
    const { guard } = this.#durability;
    if (guard !== undefined) instance.module.coreFiles = guard.hooks(instance.module.coreFiles);
    const status = await this.#openStore(instance, await this.tabs?.open(instance.module));
    const missingAfter = this.tabs?.opened(status) ?? status.seq;
    this.#host.opened(status.seq);
    return missingAfter;
  }

  /** Runs what opens an instance; once more when the page gave up the lock meanwhile, and that instance with it. */
  async #undisturbed<Result>(run: () => Promise<Result>): Promise<Result> {
    const before = this.#stepDowns;
    const result = await run().catch((error: unknown) => {
      if (this.#stepDowns === before) throw error;
    });
    if (this.#stepDowns !== before) return this.#undisturbed(run);
    this.tabs?.counts();
    return result as Result;
  }

  /** Opens the store in an instance. While the store is held, the core knows of no server. */
  async #openStore(instance: Instance, among?: object): Promise<OpenedStatus> {
    const config = this.#durability.guard?.holds ? { ...this.#config, flaskApiUrl: null } : this.#config;
    await instance.ticket((module) => module.open(JSON.stringify({ ...config, ...among })));
    return this.#statusOf(instance)!;
  }

  #statusOf(instance: Instance): OpenedStatus | undefined {
    return instance.isDead ? undefined : JSON.parse(instance.call((module) => module.status())) as OpenedStatus;
  }

  /** What an instance makes of other files than the store's. It writes nothing. */
  async #probe(files: CoreFile[]): Promise<OpenedStatus> {
    const instance = await Instance.start(this.#options, {
      notify: (told) => told.settle((JSON.parse(told.call((module) => module.takeChanges())) as Feed).done),
      trap: (dead) => dead.abandon(restarted()),
    }, this.#options.onInstance);
    const { unseal } = instance.module.coreFiles ?? {};
    if (unseal === undefined && files.some(([name]) => name === 'seal')) throw new CoreError('sealed', 'the standby copy is sealed; createCore needs its passphrase or key as `encryption`');
    instance.module.coreFiles = { unseal: async () => (unseal ? unseal(files) : files) };
    const status: OpenedStatus = await this.#openStore(instance);
    await instance.ticket((module) => module.close());
    instance.kill();
    return status;
  }

  /** Has the store's files looked at, and mended if something is missing; then the core may know its server. Whether they were mended. */
  async #examine(): Promise<boolean> {
    const { guard } = this.#durability;
    if (guard === undefined || this.tabs?.isFollower) return false;
    const instance = this.#instance!;
    const status = JSON.parse(instance.call((module) => module.status())) as OpenedStatus;
    if (await guard.examine(status, async (files) => outcomeOf(await this.#probe(files)))) {
      await instance.ticket((module) => module.close());
      instance.kill();
      await this.#open();
      return true;
    }
    this.#tellServer(instance);
    return false;
  }

  async #start(): Promise<void> {
    try {
      const tail = await this.#undisturbed(async () => {
        await this.#open().catch((error: unknown) => {
          if (!this.#durability.fallBack(error)) throw error;
          this.tabs?.tabs.close();
          this.tabs = undefined;
          return this.#open();
        });
        await this.#examine();
        if (!this.tabs?.isFollower) await this.#host.recovered(this.#instance!);
        return this.#tail();
      });
      this.#run(false, tail);
    } catch (error) {
      throw this.#fail(error instanceof CoreError ? error : new CoreError('unavailable', `the core did not start: ${String(error)}`, { cause: error }));
    }
  }

  async #restart(): Promise<{ instance: Instance; seq: number }> {
    try {
      return await this.#undisturbed(async () => {
        const seq = await this.#open();
        const isSame = this.#isGuarded || !(await this.#examine());
        return { instance: this.#instance!, seq: isSame ? seq : this.#statusOf(this.#instance!)!.seq };
      });
    } catch (error) {
      if (this.#instance?.isDead) throw error instanceof TrapError ? error : new TrapError(error);
      throw error;
    }
  }

  /** Edits that this page or others kept elsewhere, and that are not in the store. A follower leaves them to the writer. */
  async #tail(): Promise<readonly TailEntry[]> {
    if (this.tabs === undefined) return this.#ring.takeTail(this.#instance === undefined ? 0 : (this.#statusOf(this.#instance)?.seq ?? 0));
    return this.tabs.isFollower ? [] : this.tabs.orphans();
  }

  #run(again: boolean, tail: readonly TailEntry[]): void {
    this.#phase = 'running';
    this.#guardFiles();
    this.#host.running(again, tail);
  }

  /** Whoever writes has its files watched. */
  #guardFiles(): void {
    if (this.#isGuarded || this.tabs?.isFollower) return;
    this.#isGuarded = true;
    this.#durability.guard?.start();
  }

  #leave(phase: ClientPhase, failure?: CoreError): void {
    this.#phase = phase;
    this.#failure = failure ?? this.#failure;
    this.#host.left(phase, failure);
  }

  #fail(error: CoreError): CoreError {
    this.#host.released();
    this.#instance?.abandon(error);
    this.#leave('failed', error);
    return error;
  }

  async #recover(dead: Instance, isPlanned: boolean): Promise<void> {
    const isMemory = this.#config.storage === 'memory';
    const rescued = isMemory ? rescue(dead, this.#slices.names, (slice) => this.#host.text(slice)) : new Map<SliceName, SliceText>();
    try {
      const instance = await this.recovery.run(rescued, isPlanned);
      if (isMemory) this.#ring.prune(Number.MAX_SAFE_INTEGER);
      instance.settle((JSON.parse(instance.call((module) => module.takeChanges())) as Feed).done);
      this.#run(true, []);
      if (isPlanned) void this.#findTail();
    } catch (error) {
      const failure = error instanceof CoreError ? error : new CoreError('internal', `the core could not be restarted: ${String(error)}`, { cause: error });
      this.#host.report(failure);
      throw this.#fail(failure);
    }
  }

  async #close(): Promise<void> {
    this.wake();
    if (this.#phase === 'opening' || this.#phase === 'recovering') await this.#running.catch(() => {});
    if (this.#phase !== 'running') return this.#leave('closed');
    const closed = this.#instance!.ticket((module) => module.close());
    this.#leave('closing');
    try {
      await closed;
    } finally {
      await this.#durability.guard?.stop();
      this.#host.released();
      this.#instance?.abandon(new CoreError('closed', 'the core was closed'));
      this.#leave('closed');
    }
  }
}
