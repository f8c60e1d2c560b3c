// One WebAssembly instance: its calls, its tickets, and its death. A call that traps marks the instance
// dead for good; nothing enters it again but the last look of salvage().
import { instantiate, type CoreModule, type EarlyLoad, type ModuleOptions } from './core-module.js';
import { CoreError } from './errors.js';

/** What a ticket completes with, apart from errors. */
export interface TicketResult {
  ok: true;
  pushed?: number;
  deleted?: number;
  pulled?: number;
  removed?: number;
  kept?: number;
  conflicts?: number;
  stats?: Record<string, unknown>;
}

export type Completion = [ticket: number, result: TicketResult | { error: { code: string; message: string } }];

interface Waiter {
  resolve(result: TicketResult): void;
  reject(error: CoreError): void;
}

/** The module stopped in the middle of a call. What it was doing has to be done by another instance. */
export class TrapError extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'TrapError';
  }
}

export interface InstanceEvents {
  /** Changes, completions or status wait. */
  notify(instance: Instance): void;
  /** The instance died outside of our calls. */
  trap(instance: Instance, error: TrapError): void;
}

export class Instance {
  readonly module: CoreModule;
  readonly #events: InstanceEvents;
  readonly #waiters = new Map<number, Waiter>();
  isDead = false;

  private constructor(module: CoreModule, events: InstanceEvents) {
    this.module = module;
    this.#events = events;
  }

  static async start(options: ModuleOptions, events: InstanceEvents, onInstance?: (module: CoreModule) => void, early?: EarlyLoad): Promise<Instance> {
    let instance: Instance | undefined;
    const died = (reason: unknown): void => {
      if (instance && !instance.isDead) {
        instance.kill();
        events.trap(instance, new TrapError(reason));
      }
    };
    const module = await instantiate(options, (reason) => queueMicrotask(() => died(reason)), early);
    instance = new Instance(module, events);
    module.coreNotify = () => events.notify(instance);
    (module as { coreTrap?: (error: unknown) => void }).coreTrap = died;
    onInstance?.(module);
    return instance;
  }

  /** Runs a call into the module. Throws TrapError when the module stopped. */
  call<Result>(run: (module: CoreModule) => Result): Result {
    if (this.isDead) throw new TrapError('the instance is dead');
    try {
      return run(this.module);
    } catch (error) {
      if (error instanceof CoreError) throw error;
      this.kill();
      throw new TrapError(error);
    }
  }

  /** From here on the instance hears of no timer, response or transaction. */
  kill(): void {
    this.isDead = true;
    const module = this.module as CoreModule & { coreDead?: boolean };
    delete module.coreNotify;
    module.coreDead = true;
  }

  /** The promise of a call that answers with a ticket. A trap is reported, and rejects. */
  ticket(run: (module: CoreModule) => number): Promise<TicketResult> {
    let ticket: number;
    try {
      ticket = this.call(run);
      if (ticket < 0) return Promise.reject(this.refusal());
    } catch (error) {
      if (error instanceof TrapError) this.#events.trap(this, error);
      return Promise.reject(error instanceof CoreError ? error : restarted());
    }
    // What was complete at once waits in the feed already, and no timer will tell us.
    queueMicrotask(() => this.#events.notify(this));
    return new Promise((resolve, reject) => this.#waiters.set(ticket, { resolve, reject }));
  }

  /** Why the last call was refused. */
  refusal(): CoreError {
    const text = this.call((module) => module.error());
    return CoreError.from(JSON.parse(text) as { code: string; message: string });
  }

  settle(completions: readonly Completion[]): void {
    for (const [ticket, result] of completions) {
      const waiter = this.#waiters.get(ticket);
      if (waiter === undefined) continue;
      this.#waiters.delete(ticket);
      if ('error' in result) waiter.reject(CoreError.from(result.error));
      else waiter.resolve(result);
    }
  }

  /** Rejects whatever still waits. */
  abandon(error: CoreError): void {
    for (const waiter of this.#waiters.values()) waiter.reject(error);
    this.#waiters.clear();
  }
}

export const restarted = (): CoreError => new CoreError('internal', 'the core had to be restarted while this was running');

/** The last look into a dead instance's memory: its stack is lost, its state mostly is not. */
export function salvage(module: CoreModule, slice: string): string | undefined {
  try {
    return module.readAll(slice);
  } catch {
    return undefined;
  }
}
