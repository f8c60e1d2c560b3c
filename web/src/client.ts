// The core as applications see it: a Redux-shaped store over one WebAssembly instance. It keeps the
// mirror right, queues actions until the instance is ready, and replaces the instance when it dies.
import { sliceNames, type SliceName } from './action-table.js';
import { CrashRecovery, rescue } from './crash-recovery.js';
import { CoreError } from './errors.js';
import { FrameEncoder, FrameWriter, type AnyAction } from './frame.js';
import type { Items, RootState } from './generated/slices.js';
import { importProject } from './project-import.js';
import { exportProject } from './project-export.js';
import { Instance, restarted, TrapError, type Completion, type TicketResult } from './instance.js';
import { Listeners } from './listeners.js';
import { Mirror, type FeedChange } from './mirror.js';
import { makeObservable } from './observable.js';
import { watchPageLife } from './page-life.js';
import { ReplayRing } from './replay-ring.js';
import type { SliceText } from './slice-mirror.js';
import { TailHome } from './tail-home.js';
import { composeStatus, openingStatus, type ClientPhase } from './status.js';
import { CoreSync } from './sync-control.js';
import type { AutoSync, Core, CoreConfig, CoreOptions, CoreStatus, Dispatch, ImportReport, Observable, ProjectExport, Thunk } from './types.js';

/** Actions that may wait for the core to be ready. */
export const maxQueuedActions = 10_000;

interface Feed {
  changes: FeedChange[];
  done: Completion[];
  status: boolean;
}

export class Client implements Core {
  readonly #options: CoreOptions;
  readonly #config: CoreConfig;
  readonly #mirror: Mirror;
  readonly #encoder: FrameEncoder;
  readonly #ring: ReplayRing;
  readonly #released: () => void;
  readonly #recovery: CrashRecovery;
  readonly #listeners = new Listeners();
  readonly #statusListeners = new Listeners();
  readonly #queue: AnyAction[] = [];
  #writer = new FrameWriter();
  #instance: Instance | undefined;
  #phase: ClientPhase = 'opening';
  #failure: CoreError | undefined;
  #lastSeq = 0;
  #status: CoreStatus | undefined;
  #knownStatus: Omit<CoreStatus, 'runtime'>;
  #running: Promise<void>;
  #closing: Promise<void> | undefined;
  #stopPageLife: () => void = () => {};
  readonly ready: Promise<void>;
  readonly sync: CoreSync;

  /** `released` is called when nothing of the store is used any more. */
  constructor(options: CoreOptions, config: CoreConfig, released: () => void = () => {}) {
    this.#options = options;
    this.#config = config;
    this.#released = released;
    this.#ring = new ReplayRing(config.storage === 'memory' ? undefined : new TailHome(config.name));
    this.#knownStatus = openingStatus(config.storage);
    this.#mirror = new Mirror((slice) => this.#readAll(slice));
    this.#encoder = new FrameEncoder(this.#mirror.peek);
    this.#recovery = new CrashRecovery({
      restart: () => this.#restart(),
      perform: (instance, action) => this.#perform(instance, action),
      shown: (slice, id) => this.#mirror.peek(slice, id),
      refused: (action, error) => void this.#refuse(action, error),
    }, this.#ring);
    this.sync = new CoreSync({
      command: (name) => this.#ticket((module) => module.sync(JSON.stringify({ do: name }))),
      configure: (changes) => this.#configure(changes),
      status: () => this.status(),
    });
    makeObservable(this);
    this.ready = this.#running = this.#start();
    this.#running.catch(() => {});
  }

  readonly dispatch = ((action: AnyAction | Thunk): unknown => {
    if (typeof action === 'function') return action(this.dispatch, this.getState, this);
    switch (this.#phase) {
      case 'running':
        return this.#run(action);
      case 'opening':
      case 'recovering':
        if (this.#queue.length >= maxQueuedActions)
          return this.#refuse(action, new CoreError('limit', `${action.type}: ${maxQueuedActions} actions already wait for the core to be ready`));
        this.#queue.push(action);
        this.#status = undefined;
        return action;
      default:
        return this.#refuse(action, this.#failure ?? new CoreError('closed', `${action.type}: the core is closed`));
    }
  }) as Dispatch;

  readonly getState = (): RootState => this.#mirror.root();

  readonly subscribe = (listener: () => void): (() => void) => this.#listeners.add(listener);

  replaceReducer(): never {
    throw new CoreError('unsupported', 'the reducers of this store are compiled into the core');
  }

  declare readonly [Symbol.observable]: () => Observable;

  read<Name extends keyof Items>(slice: Name, id: string): Items[Name] | undefined {
    return this.#mirror.read(slice, id) as Items[Name] | undefined;
  }

  async flush({ strict = false }: { strict?: boolean } = {}): Promise<void> {
    for (;;) {
      const instance = this.#instance;
      try {
        return void (await this.#ticket((module) => module.flush(strict)));
      } catch (error) {
        // A restart replays what was not durable, so the flush belongs to the new instance.
        if (!instance?.isDead || this.#phase === 'failed' || this.#phase === 'closed') throw error;
      }
    }
  }

  readonly status = (): CoreStatus => (this.#status ??= this.#readStatus());

  readonly onStatus = (listener: () => void): (() => void) => this.#statusListeners.add(listener);

  importProject(json: unknown): ImportReport {
    return importProject(this, json);
  }

  exportProject(): ProjectExport {
    return exportProject(this.getState());
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  // --- one action ----------------------------------------------------------------------------------

  #run(action: AnyAction): AnyAction {
    const instance = this.#instance!;
    const encoder = this.#encoder;
    let bytes = 0;
    let result: number;
    try {
      encoder.encode(action);
      if (encoder.slice !== undefined) this.#mirror.pin(encoder.slice);
      if (instance.isDead) throw new TrapError('the instance died while a slice was read');
      bytes = this.#writer.write(instance.module, encoder.text);
      result = instance.module.dispatch(bytes);
    } catch (error) {
      if (error instanceof CoreError) return this.#refuse(action, error);
      instance.kill();
      this.#recovery.suspect({ type: action.type, payload: encoder.payload }, bytes, String(error));
      this.#trapped(instance, new TrapError(error));
      return action;
    }
    if (result < 0) return this.#refuse(action, this.#guard(instance, () => instance.refusal()) ?? restarted());
    encoder.freeze();
    this.#status = undefined;
    const bits = result & 3;
    if (bits === 0) return action;
    const { slice, verb, payload, prior } = encoder;
    const seq = (this.#lastSeq = result > 3 ? Math.floor(result / 4) : this.#lastSeq + 1);
    if (this.#config.storage !== 'memory')
      this.#ring.add(seq, payload === action.payload ? action : { type: action.type, payload }, bytes);
    if (bits & 1) this.#mirror.echo(slice!, verb!, payload, prior);
    if (bits & 2) this.#guard(instance, () => this.#takeFeed(instance));
    this.#listeners.tell();
    return action;
  }

  /** A replay: nothing is told, the mirror is loaded again afterwards. */
  #perform(instance: Instance, action: AnyAction): number | CoreError {
    try {
      this.#encoder.encode(action, true);
      const bytes = this.#writer.write(instance.module, this.#encoder.text);
      const result = instance.call((module) => module.dispatch(bytes));
      if (result < 0) return instance.refusal();
      this.#encoder.freeze();
      return (this.#lastSeq = result > 3 ? Math.floor(result / 4) : this.#lastSeq + 1);
    } catch (error) {
      if (error instanceof CoreError) return error;
      throw error;
    }
  }

  #refuse(action: AnyAction, error: CoreError): AnyAction {
    this.#report(error);
    return { ...action, error: { code: error.code, message: error.message } };
  }

  #report(error: CoreError): void {
    if (this.#options.onError) this.#options.onError(error);
    else console.error(error);
  }

  // --- what the instance tells ---------------------------------------------------------------------

  /** Applies everything that waits; the state's listeners are not told yet. */
  #takeFeed(instance: Instance): boolean {
    const feed = JSON.parse(instance.call((module) => module.takeChanges())) as Feed;
    this.#mirror.apply(feed.changes);
    instance.settle(feed.done);
    if (feed.status || feed.done.length > 0) this.#statusChanged();
    return feed.changes.length > 0;
  }

  #statusChanged(): void {
    this.#status = undefined;
    if (this.#phase !== 'running') return;
    const { durableSeq } = this.status();
    this.#ring.prune(durableSeq);
    // After the state's listeners: whoever looks at both sees the state that the status speaks of.
    queueMicrotask(() => this.#tell(this.#statusListeners));
  }

  #notified(instance: Instance): void {
    if (instance !== this.#instance || instance.isDead) return;
    if (this.#guard(instance, () => this.#takeFeed(instance))) this.#tell(this.#listeners);
  }

  /** undefined when the instance died of it; a fresh one takes over then. */
  #guard<Result>(instance: Instance, run: () => Result): Result | undefined {
    try {
      return run();
    } catch (error) {
      if (error instanceof CoreError) throw error;
      this.#trapped(instance, error instanceof TrapError ? error : new TrapError(error));
      return undefined;
    }
  }

  /** For calls from the outside of a dispatch: a listener's error must not reach the caller, which is the core. */
  #tell(listeners: Listeners): void {
    try {
      listeners.tell();
    } catch (error) {
      this.#report(new CoreError('internal', `a listener failed: ${String(error)}`, { cause: error }));
    }
  }

  #readAll(slice: SliceName): SliceText | undefined {
    const instance = this.#instance;
    if (this.#phase !== 'running' || instance === undefined) return undefined;
    return this.#guard(instance, () => {
      // What waits in the feed is in the answer already; applied afterwards it would count twice.
      if (this.#takeFeed(instance)) queueMicrotask(() => this.#tell(this.#listeners));
      return JSON.parse(instance.call((module) => module.readAll(slice))) as SliceText;
    });
  }

  #readStatus(): CoreStatus {
    const instance = this.#instance;
    if (instance && !instance.isDead) {
      const text = this.#guard(instance, () => instance.call((module) => module.status()));
      if (text !== undefined) this.#knownStatus = JSON.parse(text) as Omit<CoreStatus, 'runtime'>;
    }
    return composeStatus(this.#knownStatus, this.#phase, this.#recovery, this.#ring, this.#queue.length);
  }

  // --- calls with tickets --------------------------------------------------------------------------

  /** In the same turn when the core runs: a page that goes away has no other. */
  async #ticket(run: Parameters<Instance['ticket']>[0]): Promise<TicketResult> {
    if (this.#phase === 'opening' || this.#phase === 'recovering') await this.#running;
    if (this.#phase !== 'running') throw this.#failure ?? new CoreError('closed', 'the core is closed');
    this.#status = undefined;
    return this.#instance!.ticket(run);
  }

  #configure(changes: { flaskApiUrl?: string | null; autoSync?: Partial<AutoSync>; online?: boolean; visible?: boolean }): void {
    const { flaskApiUrl, autoSync } = changes;
    const instance = this.#instance;
    if (this.#phase === 'running' && instance) {
      this.#guard(instance, () => {
        if (instance.call((module) => module.configure(JSON.stringify(changes))) < 0) throw instance.refusal();
      });
    }
    if (flaskApiUrl !== undefined) this.#config.flaskApiUrl = flaskApiUrl;
    Object.assign(this.#config.autoSync, autoSync);
    this.#status = undefined;
  }

  // --- life ----------------------------------------------------------------------------------------

  async #openInstance(): Promise<Instance> {
    const events = {
      notify: (instance: Instance) => this.#notified(instance),
      trap: (instance: Instance, error: TrapError) => this.#trapped(instance, error),
    };
    const instance = await Instance.start(this.#options, events, this.#options.onInstance);
    this.#instance = instance;
    this.#writer = new FrameWriter();
    await instance.ticket((module) => module.open(JSON.stringify(this.#config)));
    return instance;
  }

  async #start(): Promise<void> {
    try {
      const instance = await this.#openInstance();
      this.#lastSeq = (JSON.parse(instance.call((module) => module.status())) as CoreStatus).seq;
      this.#queue.unshift(...this.#ring.takeTail(this.#lastSeq));
      this.#enterRunning();
    } catch (error) {
      throw this.#fail(error instanceof CoreError ? error : new CoreError('unavailable', `the core did not start: ${String(error)}`, { cause: error }));
    }
  }

  async #restart(): Promise<{ instance: Instance; seq: number }> {
    try {
      const instance = await this.#openInstance();
      this.#lastSeq = (JSON.parse(instance.call((module) => module.status())) as CoreStatus).seq;
      return { instance, seq: this.#lastSeq };
    } catch (error) {
      if (this.#instance?.isDead) throw error instanceof TrapError ? error : new TrapError(error);
      throw error;
    }
  }

  #enterRunning(): void {
    this.#phase = 'running';
    this.#status = undefined;
    this.#mirror.touch();
    this.#stopPageLife();
    this.#stopPageLife = watchPageLife({
      leaving: () => void this.flush().catch(() => {}),
      visible: (visible) => this.#configure({ visible }),
      online: (online) => this.#configure({ online }),
    });
    if (typeof navigator !== 'undefined' && navigator.onLine === false) this.#configure({ online: false });
    const waiting = this.#queue.splice(0);
    // One may trap: dispatch() queues the rest again.
    for (const action of waiting) this.dispatch(action);
    this.#tell(this.#listeners);
    this.#tell(this.#statusListeners);
  }

  #fail(error: CoreError): CoreError {
    this.#phase = 'failed';
    this.#failure = error;
    this.#status = undefined;
    this.#stopPageLife();
    this.#released();
    this.#instance?.abandon(error);
    for (const action of this.#queue.splice(0)) this.#refuse(action, error);
    this.#tell(this.#statusListeners);
    return error;
  }

  #trapped(instance: Instance, error: TrapError): void {
    instance.kill();
    instance.abandon(restarted());
    if (instance !== this.#instance || this.#phase !== 'running') return;
    this.#phase = 'recovering';
    this.#status = undefined;
    this.#report(new CoreError('internal', `the core stopped (${error.message}); a fresh instance takes over`, { cause: error }));
    this.#running = this.#recover(instance);
    this.#running.catch(() => {});
    queueMicrotask(() => this.#tell(this.#statusListeners));
  }

  async #recover(dead: Instance): Promise<void> {
    const isMemory = this.#config.storage === 'memory';
    const rescued = isMemory ? rescue(dead, sliceNames, (slice) => this.#mirror.text(slice)) : new Map<SliceName, SliceText>();
    try {
      const instance = await this.#recovery.run(rescued);
      if (isMemory) this.#ring.prune(Number.MAX_SAFE_INTEGER);
      instance.settle((JSON.parse(instance.call((module) => module.takeChanges())) as Feed).done);
      this.#phase = 'running';
      this.#mirror.reload();
      this.#enterRunning();
    } catch (error) {
      const failure = error instanceof CoreError ? error : new CoreError('internal', `the core could not be restarted: ${String(error)}`, { cause: error });
      this.#report(failure);
      throw this.#fail(failure);
    }
  }

  async #close(): Promise<void> {
    if (this.#phase === 'opening' || this.#phase === 'recovering') await this.#running.catch(() => {});
    this.#stopPageLife();
    if (this.#phase !== 'running') {
      this.#phase = 'closed';
      return;
    }
    const closed = this.#ticket((module) => module.close());
    this.#phase = 'closing';
    try {
      await closed;
    } finally {
      this.#phase = 'closed';
      this.#released();
      this.#status = undefined;
      this.#instance?.abandon(new CoreError('closed', 'the core was closed'));
      this.#tell(this.#statusListeners);
    }
  }
}
