// Migrations: which items are older than the application, and what its steps make of them. The core
// keeps the marks and commits the results; here the steps run, when a slice is read or in idle time.
import type { SliceName } from './action-table.js';
import { CoreError } from './errors.js';
import type { Plain } from './frame.js';
import type { FeedChange } from './mirror.js';
import type { Flag, SchemaOptions } from './types.js';

/** Items of one commit of a migration. */
export const maxBatch = 200;

/** Name of the hidden slice that has the marks. */
export const schemaSlice = '$schema';

interface Mark {
  readonly slice: SliceName;
  readonly id: string;
  /** The schema number of the item as it is stored. */
  readonly from: number;
  /** Why its step did not work, when it was tried. */
  readonly failed?: { step: number; message: string };
}

/** What the core is told of one item. Without `item` and `failed` it is gone. */
export interface Migrated {
  slice: SliceName;
  id: string;
  item?: Plain;
  failed?: { step: number; message: string };
}

function refuse(why: string): never {
  throw new CoreError('malformed-payload', `createCore: schema: ${why}`);
}

export class Migrator {
  readonly #steps: Required<SchemaOptions>['migrations'];
  readonly version: number;
  /** By slice and id; the id '' is the field that holds an item. */
  readonly #marks = new Map<string, Mark>();
  /** Marks of earlier failures are tried once more by every instance of the core. */
  readonly #retried = new Set<string>();

  /** Throws CoreError when the options cannot be. */
  constructor({ version, migrations = {} }: SchemaOptions) {
    if (!Number.isInteger(version) || version < 1 || version > 1_000_000) refuse('version must be a whole number from 1 to 1000000');
    for (const [slice, steps] of Object.entries(migrations))
      for (const [step, run] of Object.entries(steps)) {
        if (!/^\d+$/.test(step) || Number(step) < 2 || Number(step) > version) refuse(`migrations.${slice}: step ${step} is not from 2 to ${version}`);
        if (typeof run !== 'function') refuse(`migrations.${slice}[${step}] must be a function`);
      }
    this.version = version;
    this.#steps = migrations;
  }

  /** Slices that have steps. */
  get slices(): string[] {
    return Object.keys(this.#steps);
  }

  /** All records of the hidden slice, after an instance was opened. */
  load(records: readonly Plain[]): void {
    this.#marks.clear();
    this.#retried.clear();
    for (const record of records) this.#mark(record);
  }

  /** Changes of the feed. */
  note(changes: readonly FeedChange[]): void {
    for (const change of changes) {
      if (change[0] !== schemaSlice) continue;
      if (change.length === 3) this.#marks.delete(change[1]);
      else this.#mark(change[3] as Plain);
    }
  }

  /** Items that wait for their steps, of one slice or of all. At most `limit`. */
  waiting(slice?: SliceName, limit = maxBatch): Mark[] {
    const found: Mark[] = [];
    for (const [key, mark] of this.#marks) {
      if ((slice !== undefined && mark.slice !== slice) || (mark.failed && this.#retried.has(key))) continue;
      found.push(mark);
      if (found.length === limit) break;
    }
    return found;
  }

  /** Runs the steps that are missing. `item` undefined: it is not there any more. */
  migrate({ slice, id, from }: Mark, item: Plain | undefined): Migrated {
    this.#retried.add(`${slice}:${id}`);
    if (item === undefined) return { slice, id };
    const result = this.run(slice, item, from);
    return 'item' in result ? { slice, id, item: result.item } : { slice, id, failed: result };
  }

  /** The item as it is in the present schema, or the step that did not work. */
  run(slice: string, item: Plain, from: number): { item: Plain } | { step: number; message: string } {
    let current = item;
    const steps = this.#steps[slice] ?? {};
    for (let step = from + 1; step <= this.version; step++) {
      const apply = Object.hasOwn(steps, step) ? steps[step] : undefined;
      if (apply === undefined) continue;
      try {
        // As JSON has it: a step must not leave what cannot be stored, nor keep a hold on what is.
        const next = JSON.parse(JSON.stringify(apply(current as never)) ?? 'null') as unknown;
        if (typeof next !== 'object' || next === null || Array.isArray(next)) return { step, message: 'it did not return an item' };
        if ((next as Plain).id !== item.id) return { step, message: `it changed the id to ${JSON.stringify((next as Plain).id)}` };
        current = next as Plain;
      } catch (error) {
        return { step, message: String((error as Error | undefined)?.message ?? error).slice(0, 1000) };
      }
    }
    return { item: current };
  }

  flags(): Flag[] {
    return [...this.#marks.values()].flatMap(({ slice, id, failed }) =>
      (failed ? [Object.freeze({ slice, id, reason: 'migration', path: '', message: `step ${failed.step}: ${failed.message}` } as const)] : []));
  }

  #mark({ id: key, from, failed }: Plain): void {
    const text = String(key);
    const colon = text.indexOf(':');
    if (colon < 0) return; // the store's numbers
    const mark = { slice: text.slice(0, colon) as SliceName, id: text.slice(colon + 1), from: Number(from) };
    this.#marks.set(text, failed === undefined ? mark : { ...mark, failed: failed as { step: number; message: string } });
    if (failed === undefined) this.#retried.delete(text); // it came anew, from a server
  }
}
