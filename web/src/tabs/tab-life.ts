// A core's instances among the tabs: what role each is opened in, whose numbers its commits have, and what
// becomes of the edits that other pages could not save.
import { mountPathOf, type CoreModule, type EarlyLoad } from '../core-module.js';
import type { Instance } from '../instance.js';
import type { ReplayRing } from '../replay-ring.js';
import type { TailEntry } from '../tail-home.js';
import type { ClientOptions } from '../vault/client-options.js';
import type { KnownTabs } from './types.js';
import type { Tabs } from './tabs.js';

export interface TabLifeHost {
  /** The instance that is told what other tabs say; undefined while there is none. */
  present(): Instance | undefined;
  /** Calls into an instance. */
  guard(instance: Instance, run: () => void): void;
  /** Brings what another tab said in one turn into it. */
  deliver(instance: Instance, messages: readonly Uint8Array[]): void;
  changed(): void;
  /** Whether found() carries edits out, or will. */
  runs(): boolean;
  /** Edits of a dead page, when this tab is the writer. */
  found(entries: TailEntry[]): void;
}

export interface Numbered {
  seq: number;
  tabs: KnownTabs;
}

export class TabLife {
  readonly tabs: Tabs;
  readonly #ring: ReplayRing;
  readonly #options: ClientOptions;
  readonly #host: TabLifeHost;
  /** Of the present instance. */
  isFollower = false;
  #isEntered = false;
  /** The lock has been here since the instance before this one wrote. */
  continues = false;
  #wrote = false;
  /** Of this writer: the last commit of those before it. */
  #reached = 0;

  constructor(tabs: Tabs, ring: ReplayRing, options: ClientOptions, host: TabLifeHost) {
    this.tabs = tabs;
    this.#ring = ring;
    this.#options = options;
    this.#host = host;
    const tell = (name: string): void => this.#call((module) => module.tab(name));
    tabs.host = {
      received: (messages) => this.#enter((instance) => host.deliver(instance, messages)),
      granted: () => {
        if (options.vault) options.vault.isFollower = false;
        tell('');
      },
      gone: tell,
      orphaned: (page) => {
        if (this.#isEntered && !this.isFollower) void this.#rescue((instance) => instance.startsWith(`${page}.`));
      },
      changed: () => host.changed(),
    };
  }

  /** Lets the files of a store that this tab writes be read beside the module's compilation. */
  early(name: string): EarlyLoad | undefined {
    // A sealed store may be made anew before it is read.
    return this.#options.vault ? undefined : this.tabs.early(mountPathOf(name));
  }

  /** What an instance that is about to be opened is told; answers resolve when it is known who writes. */
  async open(module: CoreModule): Promise<object> {
    this.#isEntered = false;
    await this.tabs.decided;
    const names = this.tabs.enter(module);
    this.isFollower = names.role === 'follower';
    this.continues = this.#wrote && !this.isFollower;
    this.#isEntered = true;
    if (this.#options.vault) this.#options.vault.isFollower = this.isFollower;
    this.#ring.belongsTo({ isWriter: !this.isFollower, instance: names.origin });
    return names;
  }

  /** The instance is open. Answers the number after which it misses what the ring has. */
  opened({ seq, tabs }: Numbered): number {
    this.#reached = tabs.reached;
    if (this.isFollower && tabs.role === 'writer') this.#rule();
    if (this.continues) return seq;
    this.#ring.prune(tabs.before);
    return tabs.before;
  }

  /** What the ring has is from now on in the numbers of the instance that is open. */
  counts(): void {
    this.#wrote = !this.isFollower;
    this.tabs.before = this.tabs.instance;
  }

  /** Whether the instance that ran as a follower is the writer now; its numbers are those of the log from here on. */
  tookOver(status: () => Numbered): boolean {
    if (!this.isFollower || !this.tabs.isWriter) return false;
    const { seq, tabs } = status();
    if (tabs.role !== 'writer') return false;
    this.#reached = tabs.reached;
    this.#rule();
    this.#ring.renumber(seq);
    return true;
  }

  /** The page is about to stand still. Before: an instance that writes was closed and killed. */
  rest(): void {
    this.#wrote = false;
    this.tabs.rest();
  }

  /** The page runs again. */
  wake(): void {
    this.tabs.wake();
    if (this.isFollower) this.#call((module) => module.tab('*'));
  }

  /** Edits of pages that died before these were saved. They are taken out, so somebody has to be there for them. */
  async orphans(): Promise<TailEntry[]> {
    const instance = this.#host.present();
    const owners = this.#ring.tailOwners();
    const dead = await this.tabs.dead(owners);
    for (const owner of owners) if (!dead.has(owner)) this.tabs.watch(owner);
    await this.#options.vault?.readTails();
    return this.#host.present() === instance && !instance?.isDead && this.#host.runs() ? this.#lost((name) => dead.has(name)) : [];
  }

  async #rescue(isDead: (instance: string) => boolean): Promise<void> {
    await this.#options.vault?.readTails();
    const entries = this.#host.runs() ? this.#lost(isDead) : [];
    if (entries.length > 0) this.#host.found(entries);
  }

  #lost(isDead: (instance: string) => boolean): TailEntry[] {
    return this.#ring.takeTail(this.#reached, ({ isWriter, instance }, number) => {
      if (!isDead(instance)) return undefined;
      return number > this.#lastOf(instance) && (!isWriter || number > this.#reached);
    });
  }

  /** The number of the last edit of an instance that is in the store. */
  #lastOf(instance: string): number {
    let text = '';
    this.#call((module) => (text = module.read('$tabs', instance)));
    return text === '' ? 0 : (JSON.parse(text) as { n: number }).n;
  }

  #rule(): void {
    this.isFollower = false;
    this.#wrote = true;
    this.#ring.belongsTo({ isWriter: true, instance: this.tabs.instance });
  }

  #enter(run: (instance: Instance) => void): void {
    const instance = this.#isEntered ? this.#host.present() : undefined;
    if (instance !== undefined && !instance.isDead) this.#host.guard(instance, () => run(instance));
  }

  #call(run: (module: CoreModule) => unknown): void {
    this.#enter((instance) => instance.call(run));
  }
}
