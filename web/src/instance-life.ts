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
import type { CoreConfig, CoreOptions, CoreStatus } from './types.js';

/** What takeChanges() of the module gives. */
export interface Feed {
  changes: FeedChange[];
  done: Completion[];
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
  /** The phase is `running`. `again`: the instance replaces one that died. */
  running(again: boolean): void;
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

export class InstanceLife {
  readonly #options: CoreOptions;
  readonly #config: CoreConfig;
  readonly #host: LifeHost;
  readonly #ring: ReplayRing;
  readonly #durability: Durability;
  readonly #slices: SliceSet;
  readonly recovery: CrashRecovery;
  #instance: Instance | undefined;
  #phase: ClientPhase = 'opening';
  #failure: CoreError | undefined;
  #running: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(options: CoreOptions, config: CoreConfig, host: LifeHost, ring: ReplayRing, durability: Durability, slices: SliceSet) {
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
    this.#leave('recovering');
    this.#host.report(new CoreError('internal', `the core stopped (${error.message}); a fresh instance takes over`, { cause: error }));
    this.#running = this.#recover(instance);
    this.#running.catch(() => {});
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
    const instance = await Instance.start(this.#options, events, this.#options.onInstance);
    this.#instance = instance;
    this.#host.fresh(instance);
    const { guard } = this.#durability;
    if (guard !== undefined) instance.module.coreFiles = guard.hooks(instance.module.coreFiles);
    const { seq } = await this.#openStore(instance);
    this.#host.opened(seq);
    return seq;
  }

  /** Opens the store in an instance. While the store is held, the core knows of no server. */
  async #openStore(instance: Instance): Promise<CoreStatus> {
    const config = this.#durability.holds ? { ...this.#config, flaskApiUrl: null } : this.#config;
    await instance.ticket((module) => module.open(JSON.stringify(config)));
    return JSON.parse(instance.call((module) => module.status())) as CoreStatus;
  }

  /** What an instance makes of other files than the store's. It writes nothing. */
  async #probe(files: CoreFile[]): Promise<CoreStatus> {
    const instance = await Instance.start(this.#options, {
      notify: (told) => told.settle((JSON.parse(told.call((module) => module.takeChanges())) as Feed).done),
      trap: (dead) => dead.abandon(restarted()),
    }, this.#options.onInstance);
    const { unseal } = instance.module.coreFiles ?? {};
    if (unseal === undefined && files.some(([name]) => name === 'seal')) throw new CoreError('sealed', 'the standby copy is sealed; createCore needs its passphrase or key as `encryption`');
    instance.module.coreFiles = { unseal: async () => (unseal ? unseal(files) : files) };
    const status = await this.#openStore(instance);
    await instance.ticket((module) => module.close());
    instance.kill();
    return status;
  }

  /** Has the store's files looked at, and mended if something is missing; then the core may know its server. */
  async #examine(): Promise<void> {
    const { guard } = this.#durability;
    if (guard === undefined) return;
    const instance = this.#instance!;
    const status = JSON.parse(instance.call((module) => module.status())) as CoreStatus;
    if (await guard.examine(status, async (files) => outcomeOf(await this.#probe(files)))) {
      await instance.ticket((module) => module.close());
      instance.kill();
      await this.#open();
    } else if (!guard.holds) {
      instance.call((module) => module.configure(JSON.stringify({ flaskApiUrl: this.#config.flaskApiUrl })));
    }
  }

  async #start(): Promise<void> {
    try {
      await this.#open().catch((error: unknown) => {
        if (!this.#durability.fallBack(error)) throw error;
        return this.#open();
      });
      await this.#examine();
      await this.#host.recovered(this.#instance!);
      this.#run(false);
    } catch (error) {
      throw this.#fail(error instanceof CoreError ? error : new CoreError('unavailable', `the core did not start: ${String(error)}`, { cause: error }));
    }
  }

  async #restart(): Promise<{ instance: Instance; seq: number }> {
    try {
      const seq = await this.#open();
      return { instance: this.#instance!, seq };
    } catch (error) {
      if (this.#instance?.isDead) throw error instanceof TrapError ? error : new TrapError(error);
      throw error;
    }
  }

  #run(again: boolean): void {
    this.#phase = 'running';
    this.#host.running(again);
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

  async #recover(dead: Instance): Promise<void> {
    const isMemory = this.#config.storage === 'memory';
    const rescued = isMemory ? rescue(dead, this.#slices.names, (slice) => this.#host.text(slice)) : new Map<SliceName, SliceText>();
    try {
      const instance = await this.recovery.run(rescued);
      if (isMemory) this.#ring.prune(Number.MAX_SAFE_INTEGER);
      instance.settle((JSON.parse(instance.call((module) => module.takeChanges())) as Feed).done);
      this.#run(true);
    } catch (error) {
      const failure = error instanceof CoreError ? error : new CoreError('internal', `the core could not be restarted: ${String(error)}`, { cause: error });
      this.#host.report(failure);
      throw this.#fail(failure);
    }
  }

  async #close(): Promise<void> {
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
