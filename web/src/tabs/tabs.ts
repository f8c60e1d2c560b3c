// One tab among those that have the same store open. Who holds the store's Web Lock writes; it is never
// stolen, and everybody else stands in its queue. A second lock of each page's own says that the page lives:
// whoever gets it knows that the page is gone.
import type { CoreModule, EarlyLoad } from '../core-module.js';
import { randomId } from '../session.js';
import { stampOf, TabChannel } from './tab-channel.js';

/** Pages that are watched at a time. */
const kMaxWatched = 256;

export interface TabsHost {
  /** What another tab said to the core in one turn. */
  received(messages: readonly Uint8Array[]): void;
  /** The store's lock is here; the core may become the writer. */
  granted(): void;
  /** That instance of another page will not speak again. */
  gone(instance: string): void;
  /** A page with an instance of that name died; what it kept outside of the store is anybody's now. */
  orphaned(page: string): void;
  /** The status may be another one. */
  changed(): void;
}

const pageOf = (instance: string): string => instance.slice(0, instance.indexOf('.'));

export class Tabs {
  readonly #lock: string;
  readonly #page = randomId();
  readonly #channel: TabChannel;
  readonly #locks: Navigator['locks'];
  readonly #watched = new Map<string, AbortController>();
  /** The last instance heard of a page. */
  readonly #instances = new Map<string, string>();
  readonly #strangers = new Set<string>();
  #host: TabsHost | undefined;
  #count = 0;
  /** The last instance that ran: the next one replaces it, and none before it. */
  before = '';
  #queue = new AbortController();
  #release: (() => void) | undefined;
  #giveUpPage: () => void = () => {};
  #isClosed = false;
  /** Resolves when it is known whether the lock was free. */
  decided: Promise<void>;

  /** Whether tabs can find one another here. */
  static get isPossible(): boolean {
    return typeof BroadcastChannel === 'function' && (globalThis.navigator as Navigator | undefined)?.locks !== undefined;
  }

  /** `shared`: what tabs must have in common to understand one another. */
  constructor(name: string, shared: unknown) {
    this.#lock = `codeforge-core:${name}`;
    this.#locks = navigator.locks;
    this.#channel = new TabChannel(this.#lock, stampOf(shared), {
      messages: (messages) => this.#host?.received(messages),
      heard: (instance) => this.#heard(instance),
      stranger: (instance) => this.#stranger(instance),
      dropped: () => this.#host?.changed(),
    });
    void this.#locks.request(this.#pageLock(this.#page), () => new Promise<void>((release) => (this.#giveUpPage = release))).catch(() => {});
    this.decided = this.#ask();
  }

  set host(host: TabsHost) {
    this.#host = host;
  }

  /** Whether this page has the store's lock. */
  get isWriter(): boolean {
    return this.#release !== undefined;
  }

  get otherVersion(): boolean {
    return this.#strangers.size > 0;
  }

  get dropped(): number {
    return this.#channel.dropped;
  }

  /** The name of the present instance; "" before there is one. */
  get instance(): string {
    return this.#channel.from;
  }

  /** `path`, when this tab writes. */
  early(path: string): EarlyLoad {
    const { signal } = this.#queue;
    return { path: this.decided.then(() => (this.isWriter && !signal.aborted ? path : '')), signal };
  }

  /** What an instance that is about to be opened is told. */
  enter(module: CoreModule): { origin: string; before: string; role: 'writer' | 'follower' } {
    this.#channel.from = `${this.#page}.${++this.#count}`;
    module.coreTabs = (to, bytes) => {
      if (!this.#isClosed) this.#channel.post(to, bytes);
    };
    return { origin: this.#channel.from, before: this.before, role: this.isWriter ? 'writer' : 'follower' };
  }

  /** The page is about to stand still: it hears nothing more, leaves the queue, and gives the lock back to those who run. */
  rest(): void {
    this.#channel.rest();
    this.#queue.abort();
    this.#release?.();
    this.#release = undefined;
    this.#unwatch();
  }

  /** The page runs again. */
  wake(): void {
    if (this.isWriter || this.#isClosed) return;
    this.#channel.wake();
    this.#queue = new AbortController();
    this.decided = this.#ask();
  }

  close(): void {
    if (this.#isClosed) return;
    this.rest();
    this.#isClosed = true;
    this.#giveUpPage();
  }

  /** Tells when the page of an instance is gone. */
  watch(instance: string): void {
    const page = pageOf(instance);
    if (page === this.#page || this.#watched.has(page) || this.#watched.size >= kMaxWatched) return;
    const watch = new AbortController();
    this.#watched.set(page, watch);
    const died = (): void => {
      this.#watched.delete(page);
      const last = this.#instances.get(page);
      this.#instances.delete(page);
      if (this.#strangers.delete(page)) this.#host?.changed();
      if (last !== undefined) this.#host?.gone(last);
      this.#host?.orphaned(page);
    };
    this.#locks.request(this.#pageLock(page), { signal: watch.signal }, died).catch(() => {});
  }

  /** Of the given instances those whose pages are gone. */
  async dead(instances: readonly string[]): Promise<Set<string>> {
    if (instances.length === 0) return new Set();
    const { held = [] } = await this.#locks.query();
    const alive = new Set(held.map(({ name }) => name));
    return new Set(instances.filter((instance) => !alive.has(this.#pageLock(pageOf(instance)))));
  }

  /** Takes the lock when it is free, else gets in line for it. */
  async #ask(): Promise<void> {
    const { signal } = this.#queue;
    await this.#request({ ifAvailable: true }, signal);
    if (!this.isWriter && !signal.aborted) void this.#request({ signal }, signal);
  }

  /** Resolves when the answer is there. */
  #request(options: LockOptions, { aborted }: AbortSignal): Promise<void> {
    if (aborted) return Promise.resolve();
    const asked = this.#queue;
    return new Promise((answered) => {
      const granted = (lock: Lock | null): Promise<void> | undefined => {
        answered();
        if (lock === null || asked.signal.aborted || this.#isClosed) return undefined;
        const held = new Promise<void>((release) => (this.#release = release));
        for (const instance of this.#instances.values()) this.watch(instance);
        this.#host?.granted();
        return held;
      };
      this.#locks.request(this.#lock, options, granted).catch(() => answered());
    });
  }

  #pageLock(page: string): string {
    return `${this.#lock}:page:${page}`;
  }

  #heard(instance: string): void {
    const page = pageOf(instance);
    const last = this.#instances.get(page);
    if (last === instance) return;
    if (last === undefined && this.#instances.size >= kMaxWatched) this.#instances.delete(this.#instances.keys().next().value!);
    this.#instances.set(page, instance);
    if (!this.isWriter) return;
    if (last !== undefined) this.#host?.gone(last);
    this.watch(instance);
  }

  #stranger(instance: string): void {
    const page = pageOf(instance);
    if (this.#strangers.has(page) || this.#strangers.size >= kMaxWatched) return;
    this.#strangers.add(page);
    this.#channel.greet(); // so that it knows as well
    this.watch(instance);
    this.#host?.changed();
  }

  #unwatch(): void {
    for (const watch of this.#watched.values()) watch.abort();
    this.#watched.clear();
    this.#strangers.clear();
  }
}
