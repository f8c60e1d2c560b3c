// The past as a list of commits, each with what every item it touched was before and after. A moment of it
// is today's state with the later commits taken back, so nothing but the changes is kept.
import type { AnyAction, ItemChange, RootState } from 'codeforge-core';

/** One commit. `number` grows by one with each, from 1. */
export interface Moment {
  readonly number: number;
  readonly action: AnyAction;
  readonly changes: readonly ItemChange[];
}

type Plain = Record<string, unknown>;

/** Members that a moment's changes leave behind: by slice, by id ('' is the slice's own fields). */
type Replacements = Map<string, Map<string, Plain | undefined>>;

export class Timeline {
  readonly #limit: number;
  #moments: Moment[] = [];
  #last = 0;

  /** `limit`: how many commits are kept; the oldest go first. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get last(): number {
    return this.#last;
  }

  /** The earliest moment that can be shown: the state before the oldest commit that is kept. */
  get first(): number {
    return this.#last - this.#moments.length;
  }

  add(action: AnyAction, changes: readonly ItemChange[]): Moment {
    const moment = { number: ++this.#last, action, changes };
    this.#moments.push(moment);
    if (this.#moments.length > this.#limit) this.#moments.shift();
    return moment;
  }

  clear(): void {
    this.#moments = [];
  }

  /**
   * The state after commit `number`, made from the present one. Untouched slices and items keep their identity; an item that was
   * removed since stands at the end of its slice. undefined when that moment is not kept any more.
   */
  at(number: number, present: RootState): RootState | undefined {
    if (number < this.first || number > this.#last) return undefined;
    const replaced: Replacements = new Map();
    for (let index = this.#moments.length - 1; index >= 0 && this.#moments[index]!.number > number; index--) {
      for (const { slice, id, before } of [...this.#moments[index]!.changes].reverse()) {
        const items = replaced.get(slice) ?? new Map<string, Plain | undefined>();
        replaced.set(slice, items.set(id, before as Plain | undefined));
      }
    }
    const state: Plain = { ...present };
    for (const [slice, items] of replaced) state[slice] = sliceAt(state[slice] as Plain, items);
    return Object.freeze(state) as unknown as RootState;
  }
}

function sliceAt(slice: Plain, replaced: Map<string, Plain | undefined>): Plain {
  const collection = Object.keys(slice).find((name) => Array.isArray(slice[name]));
  const state: Plain = { ...slice, ...replaced.get('') };
  if (collection !== undefined) {
    const absent = new Map([...replaced].filter(([id, item]) => id !== '' && item !== undefined));
    const items: Plain[] = [];
    for (const item of slice[collection] as Plain[]) {
      const id = item.id as string;
      absent.delete(id);
      const kept = replaced.has(id) ? replaced.get(id) : item;
      if (kept !== undefined) items.push(kept);
    }
    state[collection] = Object.freeze([...items, ...absent.values()]);
  }
  return Object.freeze(state);
}
