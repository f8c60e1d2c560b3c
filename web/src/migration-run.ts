// Carries migrations out: the steps of a slice before it is shown, of everything else in idle time. Each
// batch is one action, kept for a replay like any other, so that a crash at any point leaves every item
// either as it was, with its mark, or migrated.
import type { SliceName } from './action-table.js';
import { CoreError } from './errors.js';
import { FrameEncoder, type AnyAction, type Plain } from './frame.js';
import type { Instance } from './instance.js';
import type { ItemRules } from './item-rules.js';
import { schemaSlice, type Migrated } from './migrator.js';
import type { SliceSet } from './slice-set.js';
import type { CoreStatus } from './types.js';

export interface MigrationHost {
  /** The instance while it runs. */
  instance(): Instance | undefined;
  /** Writes a frame and runs it. The number of its commit. Throws CoreError when it is refused. */
  send(instance: Instance, action: AnyAction, text: string): number;
  /** Takes over what changed. */
  applyFeed(instance: Instance): void;
  /** Runs what may trap. */
  guard(instance: Instance, run: () => void): void;
  loaded(): readonly SliceName[];
  /** Whether another tab writes: it migrates, too. */
  isFollower(): boolean;
  tell(): void;
  report(error: CoreError): void;
}

/** Between two batches in idle time, in milliseconds: input and frames come first. */
const kIdleMs = 4;

export class MigrationRun {
  readonly #rules: ItemRules;
  readonly #slices: SliceSet;
  readonly #host: MigrationHost;
  readonly #encoder: FrameEncoder;
  #isScheduled = false;

  constructor(rules: ItemRules, slices: SliceSet, host: MigrationHost) {
    this.#rules = rules;
    this.#slices = slices;
    this.#host = host;
    this.#encoder = new FrameEncoder(() => undefined, slices);
  }

  /** Whether there are items that a migration will change. */
  isDue(instance: Instance): boolean {
    const { schema } = JSON.parse(instance.call((module) => module.status())) as CoreStatus;
    return !schema.readOnly && schema.pending > 0;
  }

  /** An instance runs. A store that is newer has nothing to migrate. */
  opened(instance: Instance): void {
    const { readOnly } = (JSON.parse(instance.call((module) => module.status())) as { schema: { readOnly: boolean } }).schema;
    const records = readOnly ? [] : (JSON.parse(instance.call((module) => module.readAll(schemaSlice))) as { items: Plain[] }).items;
    this.#rules.opened(records);
    this.#schedule();
  }

  /** Everything that waits in a slice. Call it before the slice is read. Throws TrapError. */
  bring(instance: Instance, slice: SliceName): void {
    while (!this.#host.isFollower() && this.#batch(instance, slice)) { /* until nothing waits */ }
  }

  /** After the feed: what came from a server into slices that are shown. Throws TrapError. */
  bringLoaded(instance: Instance): void {
    if (this.#rules.migrator.waiting(undefined, 1).length === 0) return;
    for (const slice of this.#host.loaded()) this.bring(instance, slice);
    this.#schedule();
  }

  /** false when nothing waited. */
  #batch(instance: Instance, slice?: SliceName): boolean {
    const read = (name: SliceName, id: string): Plain | undefined => this.#stored(instance, name, id);
    const migrated = this.#rules.migrate(read, slice);
    if (migrated === undefined) return false;
    try {
      this.#commit(instance, migrated);
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      for (const one of migrated) this.#commitOne(instance, one);
    }
    return true;
  }

  #commitOne(instance: Instance, one: Migrated): void {
    try {
      this.#commit(instance, [one]);
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      try {
        this.#commit(instance, [{ slice: one.slice, id: one.id, failed: { step: this.#rules.migrator.version, message: error.message } }]);
      } catch (again) {
        if (!(again instanceof CoreError)) throw again;
        this.#host.report(again);
      }
    }
  }

  #commit(instance: Instance, payload: Migrated[]): void {
    const action = { type: `${schemaSlice}/migrated`, payload };
    this.#encoder.encode(action);
    this.#host.send(instance, action, this.#encoder.text);
    this.#host.applyFeed(instance);
  }

  #stored(instance: Instance, slice: SliceName, id: string): Plain | undefined {
    const text = instance.call((module) => module.read(slice, id));
    if (text === '') return undefined;
    const value = JSON.parse(text) as Plain;
    return id !== '' ? value : ((value[this.#slices.itemField(slice)] ?? undefined) as Plain | undefined);
  }

  #schedule(): void {
    if (this.#isScheduled || this.#rules.migrator.waiting(undefined, 1).length === 0) return;
    this.#isScheduled = true;
    const timer: unknown = setTimeout(() => {
      this.#isScheduled = false;
      const instance = this.#host.instance();
      if (instance === undefined || this.#host.isFollower()) return;
      this.#host.guard(instance, () => {
        if (this.#batch(instance)) this.#host.tell();
        this.#schedule();
      });
    }, kIdleMs);
    (timer as { unref?: () => void }).unref?.(); // Node would wait for it
  }
}
