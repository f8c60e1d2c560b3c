// The core as applications see it: a Redux-shaped store over one WebAssembly instance. It keeps the
// mirror right and queues actions until the instance is ready; instance-life.ts looks after the instance.
import { CoreBackups } from './backup/core-backups.js';
import type { BackupMembers } from './backup/types.js';
import type { SliceName } from './action-table.js';
import { Durability } from './durability/durability.js';
import type { DurabilityLevel, StorageControl } from './durability/types.js';
import { CoreError } from './errors.js';
import type { AnyAction, Plain } from './frame.js';
import { FramePort } from './frame-port.js';
import type { Items, RootState } from './generated/slices.js';
import { customActions } from './custom-slices.js';
import type { ItemRules, ShownItems } from './item-rules.js';
import type { CoreModule } from './core-module.js';
import { Inspection, inspect } from './inspection.js';
import { restarted, TrapError, type Instance, type TicketResult } from './instance.js';
import { InstanceLife, type Feed } from './instance-life.js';
import { Listeners } from './listeners.js';
import type { MigrationRun } from './migration-run.js';
import { Mirror } from './mirror.js';
import { makeObservable } from './observable.js';
import { watchPageLife } from './page-life.js';
import { ReplayRing } from './replay-ring.js';
import type { IndexKey, IndexRange } from './slice-index.js';
import type { SliceText } from './slice-mirror.js';
import { SliceSet } from './slice-set.js';
import { composeStatus, openingStatus, StatusNews, type ClientPhase, type KnownStatus } from './status.js';
import type { Tabs } from './tabs/tabs.js';
import { TailHome, type TailEntry } from './tail-home.js';
import type { ClientOptions } from './vault/client-options.js';
import { CoreSync } from './sync-control.js';
import { UndoControl, type UndoMembers } from './undo-control.js';
import type { Core, CoreConfig, CoreStatus, Dispatch, Flag, Observable, Thunk } from './types.js';

/** Actions that may wait for the core to be ready. */
export const maxQueuedActions = 10_000;
const kNoFlags: readonly Flag[] = Object.freeze([]);

/** Members that are given to each client by the class that brings them. */
export interface Client extends BackupMembers, UndoMembers {}

export class Client implements Core {
  readonly #options: ClientOptions;
  readonly #config: CoreConfig;
  readonly #slices: SliceSet;
  readonly #mirror: Mirror;
  readonly #port: FramePort;
  readonly #ring: ReplayRing;
  readonly #life: InstanceLife;
  readonly #durability: Durability;
  readonly #rules: ItemRules | undefined;
  readonly #migration: MigrationRun | undefined;
  readonly #listeners = new Listeners();
  readonly #queue: AnyAction[] = [];
  readonly #undo: UndoControl;
  readonly #backups: CoreBackups;
  #knownStatus: KnownStatus;
  readonly #status = new StatusNews({
    compose: () => this.#readStatus(), isTold: () => this.#life.phase === 'running', tell: (listeners) => this.#tell(listeners),
    changed: ({ durableSeq }) => {
      this.#durability.note(durableSeq);
      this.#ring.prune(durableSeq);
      this.#undo.statusChanged();
    },
  });
  #stopPageLife: () => void;
  readonly #shown: ShownItems = {
    items: (slice) => this.#mirror.slice(slice).items(),
    read: (slice, id) => this.#mirror.read(slice, id),
  };
  readonly ready: Promise<void>;
  readonly sync: CoreSync;
  readonly [inspect]: Inspection;
  readonly actions: Core['actions'];

  /** `released` is called when nothing of the store is used any more. */
  constructor(options: ClientOptions, config: CoreConfig, released: () => void = () => {}, rules?: ItemRules, tabs?: Tabs) {
    this.#rules = rules;
    this.#options = options;
    this.#config = config;
    this.#ring = new ReplayRing(config.storage === 'memory' ? undefined : new TailHome(config.name, undefined, options.vault?.tail, config.session));
    this.#knownStatus = openingStatus(config.storage);
    const slices = (this.#slices = new SliceSet(options.slices));
    this.actions = customActions(slices);
    this.#mirror = new Mirror({ all: (slice) => this.#read(slice) as SliceText | undefined, one: (slice, id) => this.#read(slice, id) as Plain | undefined }, slices);
    this[inspect] = new Inspection(this.#mirror, () => this.#tell(this.#listeners));
    this.#port = new FramePort(this.#mirror.peek, slices, () => this.#life.tabs?.isFollower ?? false);
    this.#durability = new Durability(options, config, this.#ring, {
      status: this.status,
      forgetStatus: () => this.#status.forget(),
      freshStatus: () => {
        this.#status.forget();
        return this.status();
      },
      text: (slice, id) => this.#life.guard(this.#life.instance!, () => this.#life.instance!.call((module) => module.read(slice, id))) ?? '',
      changed: () => this.#status.changed(),
      connect: () => this.sync.tell({ flaskApiUrl: this.#config.flaskApiUrl }),
      pull: () => this.sync.pull(),
      isFollower: () => this.#life.tabs?.isFollower ?? false,
    });
    this.#life = new InstanceLife(options, config, {
      fresh: () => {
        this.#port.restart();
        this.#undo.restart();
      },
      notified: (instance) => this.#notified(instance),
      opened: (seq) => void (this.#port.lastSeq = seq),
      recovered: (instance) => (this.#migration?.isDue(instance) ? this.#backups.beforeMigration(instance.module) : undefined),
      running: (again, tail) => this.#enterRunning(again, tail),
      tookOver: (instance) => this.#tookOver(instance),
      found: (tail) => this.#undo.running(tail),
      deliver: (instance, messages) => this.#port.deliver(instance, messages),
      changed: () => this.#status.changed(),
      left: (phase, failure) => this.#leftRunning(phase, failure),
      perform: (instance, action, context) => this.#port.perform(instance, action, context),
      shown: this.#mirror.peek,
      text: (slice) => this.#mirror.text(slice),
      refused: (action, error) => void this.#refuse(action, error),
      report: (error) => this.#report(error),
      released,
    }, this.#ring, this.#durability, slices, tabs);
    this.sync = new CoreSync({
      ticket: (run) => this.#ticket(run), ask: this.#ask, isHeld: () => this.#durability.holds, config,
      changed: () => this.#status.changed(), status: () => this.status(),
      isOpening: () => this.#life.phase === 'opening' || this.#life.phase === 'recovering',
    });
    this.#migration = rules?.migration(slices, {
      instance: () => (this.#life.phase === 'running' ? this.#life.instance : undefined),
      send: (instance, action, text) => this.#sendMigrated(instance, action, text),
      applyFeed: (instance) => void this.#applyFeed(instance),
      guard: (instance, run) => void this.#life.guard(instance, run),
      loaded: () => this.#mirror.loaded(),
      isFollower: () => this.#life.tabs?.isFollower ?? false,
      tell: () => this.#tell(this.#listeners),
      report: (error) => this.#report(error),
    });
    makeObservable(this);
    const later = (listeners: { tell(): void }): void => queueMicrotask(() => this.#tell(listeners));
    this.#undo = new UndoControl(this, { ask: this.#ask, rejected: () => this.status().sync.rejected, later, session: config.session });
    this.#backups = new CoreBackups({ core: this, options: options.backups, config, slices, rules, vault: options.vault, changed: () => this.#status.changed(), report: (error) => this.#report(error) });
    this.#stopPageLife = watchPageLife({
      leaving: () => {
        void this.flush().catch(() => {});
        // What is edited behind this listener is put at once: megabytes are on their way for as long as the page runs.
        const module = this.#life.instance?.module;
        if (module) module.coreLeaving = true;
        setTimeout(() => module && (module.coreLeaving = false), 0);
        this.#ring.leaving();
        this.#durability.guard?.leaving();
      },
      visible: (visible) => this.sync.tell({ visible }),
      online: (online) => this.sync.tell({ online }),
      rests: () => this.#life.rest(),
      wakes: () => this.#life.wake(),
    });
    this.ready = this.#life.start();
  }

  readonly dispatch = ((action: AnyAction | Thunk): unknown => {
    if (typeof action === 'function') return action(this.dispatch, this.getState, this);
    switch (this.#life.phase) {
      case 'running':
        return this.#run(action);
      case 'opening':
      case 'recovering':
        if (this.#queue.length >= maxQueuedActions)
          return this.#refuse(action, new CoreError('limit', `${action.type}: ${maxQueuedActions} actions already wait for the core to be ready`));
        this.#queue.push(this.#undo.named(action));
        // The first instance has no name yet, by which a living page's edits are known from a dead one's.
        if (this.#life.phase === 'recovering') this.#ring.waits(this.#queue.at(-1)!);
        this.#status.forget();
        return action;
      default:
        return this.#refuse(action, this.#life.refusal());
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

  query<Name extends keyof Items>(slice: Name, index: string, value: IndexKey | IndexRange): readonly Items[Name][] {
    const entry = this.#slices.find(slice);
    if (entry === undefined) throw new CoreError('unknown-slice', `query: there is no slice '${slice}'`);
    if (!entry.indexes.includes(index))
      throw new CoreError('malformed-payload', `query: ${slice} has no index '${index}'; it has: ${entry.indexes.join(', ') || 'none'}`);
    return this.#mirror.slice(slice).query(index, value) as unknown as readonly Items[Name][];
  }

  flagged(): readonly Flag[] {
    return this.#life.phase === 'running' ? (this.#rules?.flagged(this.#shown) ?? kNoFlags) : kNoFlags;
  }

  async flush({ strict = false }: { strict?: boolean } = {}): Promise<void> {
    for (;;) {
      const { instance } = this.#life;
      try {
        return void (await this.#ticket((module) => module.flush(strict)));
      } catch (error) {
        // A restart replays what was not durable, so the flush belongs to the new instance.
        if (!instance?.isDead || this.#life.phase === 'failed' || this.#life.phase === 'closed') throw error;
      }
    }
  }

  readonly status = (): CoreStatus => this.#status.get();

  readonly onStatus = (listener: () => void): (() => void) => this.#status.listeners.add(listener);

  get storage(): StorageControl {
    return this.#durability;
  }

  durability(slice: SliceName, id: string): DurabilityLevel | null {
    return this.#durability.level(slice, id);
  }

  readonly close = (): Promise<void> => this.#life.close();

  readonly #ask = <Result>(run: (module: CoreModule) => Result): Result | undefined => {
    const { instance, phase } = this.#life;
    return phase === 'running' && instance !== undefined ? this.#life.guard(instance, () => instance.call(run)) : undefined;
  };

  // --- one action ----------------------------------------------------------------------------------

  #run(action: AnyAction): AnyAction {
    const instance = this.#life.instance!;
    const { encoder } = this.#port;
    this.#mirror.show(undefined);
    let bytes = 0;
    let result: number;
    try {
      encoder.encode(action);
      if (encoder.slice !== undefined) this.#migration?.bring(instance, encoder.slice);
      this.#rules?.demand(encoder, action.type, this.#shown);
      if (encoder.slice !== undefined) this.#mirror.pin(encoder.slice);
      if (instance.isDead) throw new TrapError('the instance died while a slice was read');
      this.#undo.tellGroup(instance.module, action.meta);
      bytes = this.#port.write(instance);
      result = instance.module.dispatch(this.#port.frameBytes);
    } catch (error) {
      if (error instanceof CoreError) return this.#refuse(action, error);
      instance.kill();
      this.#life.recovery.suspect({ type: action.type, payload: encoder.payload }, bytes, String(error));
      this.#life.trapped(instance, new TrapError(error));
      return action;
    }
    if (result < 0) return this.#refuse(action, this.#life.guard(instance, () => instance.refusal()) ?? restarted());
    encoder.freeze();
    this.#rules?.accepted(encoder);
    this.#status.forget();
    const bits = result & 7;
    if (bits & 4) this.#status.changed();
    if (bits === 0 && !action.type.startsWith('history/')) return action;
    const { slice, verb, payload, prior } = encoder;
    const seq = this.#port.count(result);
    if (this.#config.storage !== 'memory')
      this.#ring.add(seq, payload === action.payload ? action : { type: action.type, payload }, bytes, this.#undo.group);
    if (bits & 1) this.#mirror.echo(slice!, verb!, payload, prior);
    if (bits & 2) this.#life.guard(instance, () => this.#takeFeed(instance));
    this[inspect].committed(action);
    this.#listeners.tell();
    return action;
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

  #takeFeed(instance: Instance): boolean {
    const changed = this.#applyFeed(instance);
    if (changed && this.#life.phase === 'running') this.#migration?.bringLoaded(instance);
    return changed;
  }

  #sendMigrated(instance: Instance, action: AnyAction, text: string): number {
    const { seq, bytes } = this.#port.send(instance, text);
    this.#status.forget();
    if (this.#config.storage !== 'memory') this.#ring.add(seq, action, bytes);
    return seq;
  }

  /** Applies everything that waits; the state's listeners are not told yet. */
  #applyFeed(instance: Instance): boolean {
    const feed = JSON.parse(instance.call((module) => module.takeChanges())) as Feed;
    this.#life.noteRole(instance);
    this.#mirror.apply(feed.changes);
    this.#durability.noteForeign(feed.changes);
    this.#rules?.arrived(feed.changes, this.#mirror.peek);
    for (const [number, error] of feed.refused ?? [])
      this.#refuse(this.#ring.takeOut(number) ?? { type: '@core/unknown' }, CoreError.from(error));
    instance.settle(feed.done);
    if (feed.status || feed.done.length > 0) this.#status.changed();
    return feed.changes.length > 0;
  }

  #notified(instance: Instance): void {
    if (!this.#life.guard(instance, () => this.#takeFeed(instance))) return;
    this[inspect].committed({ type: '@core/changes' });
    this.#tell(this.#listeners);
  }

  /** For calls from the outside of a dispatch: a listener's error must not reach the caller, which is the core. */
  #tell(listeners: { tell(): void }): void {
    try {
      listeners.tell();
    } catch (error) {
      this.#report(new CoreError('internal', `a listener failed: ${String(error)}`, { cause: error }));
    }
  }

  /** What the core has of a slice, or of one item. undefined while no instance is ready, and when it has nothing. */
  #read(slice: SliceName, id?: string): unknown {
    const { instance, phase } = this.#life;
    if (phase !== 'running' || instance === undefined) return undefined;
    return this.#life.guard(instance, () => {
      this.#migration?.bring(instance, slice);
      // What waits in the feed is in the answer already; applied afterwards it would count twice.
      if (this.#takeFeed(instance)) queueMicrotask(() => this.#tell(this.#listeners));
      const text = instance.call((module) => (id === undefined ? module.readAll(slice) : module.read(slice, id)));
      return text === '' ? undefined : (JSON.parse(text) as unknown);
    });
  }

  #readStatus(): CoreStatus {
    const { instance, recovery } = this.#life;
    if (instance && !instance.isDead) {
      const text = this.#life.guard(instance, () => instance.call((module) => module.status()));
      if (text !== undefined) this.#knownStatus = JSON.parse(text) as KnownStatus;
    }
    return composeStatus(this.#knownStatus, this.#life.phase, recovery, this.#ring, this.#queue.length, this.#durability, this.#backups.status, {
      session: this.#config.session, otherVersion: this.#life.tabs?.tabs.otherVersion ?? false, dropped: this.#life.tabs?.tabs.dropped ?? 0,
    });
  }

  // --- calls with tickets --------------------------------------------------------------------------

  #ticket(run: Parameters<Instance['ticket']>[0]): Promise<TicketResult> {
    this.#status.forget();
    return this.#life.ticket(run);
  }

  // --- life ----------------------------------------------------------------------------------------

  /** The instance follows nobody any more. What it shows stays. */
  #tookOver(instance: Instance): void {
    this.#durability.renumbered();
    this.#life.guard(instance, () => this.#migration?.opened(instance));
    this.#backups.start();
    this.#status.changed();
  }

  #enterRunning(again: boolean, tail: readonly TailEntry[]): void {
    this.#status.forget();
    this.#life.guard(this.#life.instance!, () => this.#migration?.opened(this.#life.instance!));
    if (again) this.#mirror.reload();
    this.#mirror.touch();
    if (typeof navigator !== 'undefined' && navigator.onLine === false) this.sync.tell({ online: false });
    if (!again && !this.#life.tabs?.isFollower) this.#backups.start();
    this.sync.runs((error) => this.#report(error));
    const waiting = this.#queue.splice(0);
    this.#undo.running(tail);
    // One may trap: dispatch() queues the rest again.
    for (const action of waiting) this.dispatch(action);
    this.#tell(this.#listeners);
    this.#tell(this.#status.listeners);
  }

  #leftRunning(phase: ClientPhase, failure: CoreError | undefined): void {
    this.#status.forget();
    if (phase !== 'recovering') this.#stopPageLife();
    for (const action of failure === undefined ? [] : this.#queue.splice(0))
      this.#refuse(action, new CoreError(failure!.code, `${action.type}: ${failure!.message}`, { cause: failure }));
    queueMicrotask(() => this.#tell(this.#status.listeners));
  }
}
