// What the application demands of its items: JSON Schemas and migrations. Loaded by createCore() only
// when there are any. What violates a demand and did not come through a dispatch is kept and flagged.
import type { SliceName } from './action-table.js';
import type { SliceDefinitions } from './custom-slices.js';
import type { FrameEncoder, Plain } from './frame.js';
import { maxBatch, Migrator, schemaSlice, type Migrated } from './migrator.js';
import { MigrationRun, type MigrationHost } from './migration-run.js';
import type { FeedChange } from './mirror.js';
import type { SliceSet } from './slice-set.js';
import { SchemaCheck } from './schema-check.js';
import type { Flag, SchemaOptions } from './types.js';

/** What the rules see of the mirror. */
export interface ShownItems {
  /** Loads the slice if need be. */
  items(slice: SliceName): readonly Plain[];
  /** undefined when absent. */
  read(slice: SliceName, id: string): Plain | undefined;
}

/** Characters of one batch of a migration. */
const kBatchLength = 1 << 20;

const keyOf = (slice: string, id: string): string => `${slice}:${id}`;

export class ItemRules {
  readonly #schemas: SchemaCheck;
  readonly migrator: Migrator;
  readonly #names: readonly SliceName[];
  readonly #flags = new Map<string, Flag>();
  /** Slices whose items were all looked at since they were opened. */
  readonly #surveyed = new Set<SliceName>();
  #list: readonly Flag[] | undefined;

  /** Throws CoreError when a schema cannot be used. */
  constructor(definitions: SliceDefinitions, schema: SchemaOptions = { version: 1 }) {
    this.migrator = new Migrator(schema);
    this.#schemas = new SchemaCheck(definitions);
    this.#names = Object.keys(definitions).filter((name) => this.#schemas.has(name)) as SliceName[];
  }

  migration(slices: SliceSet, host: MigrationHost): MigrationRun {
    return new MigrationRun(this, slices, host);
  }

  /** Before an action is dispatched. Throws CoreError `schema`. */
  demand({ slice, verb, payload }: FrameEncoder, type: string, shown: ShownItems): void {
    if (slice === undefined || !this.#schemas.has(slice)) return;
    switch (verb) {
      case 'put':
      case 'replace':
        return this.#schemas.demand(type, slice, payload as Plain, 'payload');
      case 'merge': {
        const before = shown.read(slice, (payload as Plain).id as string);
        return before && this.#schemas.demand(type, slice, { ...before, ...(payload as Plain) }, 'payload');
      }
      case 'put-many':
      case 'set-all':
        (payload as Plain[]).forEach((item, index) => this.#schemas.demand(type, slice, item, `payload[${index}]`));
    }
  }

  /** After the action was accepted: what it brought is as it should be. */
  accepted({ slice, verb, payload }: FrameEncoder): void {
    if (this.#flags.size === 0 || slice === undefined) return;
    const items = Array.isArray(payload) ? (payload as Plain[]) : [payload];
    if (verb === 'set-all') for (const flag of this.#flags.values()) if (flag.slice === slice) this.#unflag(flag.slice, flag.id);
    for (const item of items) this.#unflag(slice, typeof item === 'string' ? item : String((item as Plain | undefined)?.id));
  }

  /** What came from elsewhere (a pull, another tab, undo); the mirror has it already. */
  arrived(changes: readonly FeedChange[], peek: (slice: SliceName, id: string) => Plain | undefined): void {
    this.migrator.note(changes);
    for (const [slice, id, path, value] of changes) {
      if (slice === schemaSlice) this.#list = undefined;
      const name = slice as SliceName;
      if (!id || !this.#schemas.has(name)) continue;
      const item = peek(name, id) ?? (path.length === 0 ? (value as Plain | undefined) : undefined);
      if (item === undefined) this.#unflag(name, id);
      else this.#look(name, id, item);
    }
  }

  /** An instance was opened; `records` of its hidden slice. */
  opened(records: readonly Plain[]): void {
    this.migrator.load(records);
    this.#surveyed.clear();
    this.#flags.clear();
    this.#list = undefined;
  }

  /** Runs the steps of what waits in a slice, or of some of what waits anywhere; undefined when nothing does. */
  migrate(read: (slice: SliceName, id: string) => Plain | undefined, slice?: SliceName, limit = maxBatch): Migrated[] | undefined {
    const migrated: Migrated[] = [];
    let length = 0;
    for (const mark of this.migrator.waiting(slice, limit)) {
      const one = this.migrator.migrate(mark, read(mark.slice, mark.id));
      migrated.push(one);
      if ((length += JSON.stringify(one).length) > kBatchLength) break;
    }
    return migrated.length > 0 ? migrated : undefined;
  }

  /** Everything that is kept although something is wrong with it. The same array while nothing changed. */
  flagged(shown: ShownItems): readonly Flag[] {
    for (const slice of this.#names) {
      if (this.#surveyed.has(slice)) continue;
      this.#surveyed.add(slice);
      for (const item of shown.items(slice)) this.#look(slice, item.id as string, item);
    }
    return (this.#list ??= Object.freeze([...this.#flags.values(), ...this.migrator.flags()]));
  }

  #look(slice: SliceName, id: string, item: Plain): void {
    const violation = this.#schemas.violation(slice, item);
    if (violation === undefined) this.#unflag(slice, id);
    else this.#flag({ slice, id, reason: 'schema', ...violation });
  }

  #flag(flag: Flag): void {
    this.#flags.set(keyOf(flag.slice, flag.id), Object.freeze(flag));
    this.#list = undefined;
  }

  #unflag(slice: string, id: string): void {
    if (this.#flags.delete(keyOf(slice, id))) this.#list = undefined;
  }
}
