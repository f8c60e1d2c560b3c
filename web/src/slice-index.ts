// One index of a slice: from the value of a member to the items that have it. Built at the first query
// and kept right item by item, so that a query is a lookup. Order: by value, then as the items stand.
import { CoreError } from './errors.js';
import type { Plain } from './frame.js';

/** What can be looked up. Items with any other value at the index's path are not in the index. */
export type IndexKey = string | number | boolean;

/** As IndexedDB's IDBKeyRange, which is one. A bound that is left out is open-ended. */
export interface IndexRange {
  readonly lower?: IndexKey | undefined;
  readonly upper?: IndexKey | undefined;
  /** Whether the bound itself is left out. */
  readonly lowerOpen?: boolean;
  readonly upperOpen?: boolean;
}

/** What the indexes keep of an item. `order` grows along the items of the slice. */
export interface Indexed {
  item: Plain;
  order: number;
}

interface Bucket {
  readonly entries: Set<Indexed>;
  /** The last answer; undefined when an item of it changed since. */
  result: readonly Plain[] | undefined;
}

/** Throws CoreError for what no item could have, and for bounds that are none. */
export function demandKeys(value: unknown): asserts value is IndexKey | IndexRange {
  const isRange = typeof value === 'object' && value !== null;
  const keys = isRange ? [(value as IndexRange).lower, (value as IndexRange).upper].filter((bound) => bound !== undefined) : [value];
  for (const key of keys) {
    if (!isKey(key)) throw new CoreError('malformed-payload', `query: ${String(key)} is in no index; it takes a string, a number, a boolean, or a range of such`);
  }
}

const empty: readonly Plain[] = Object.freeze([]);

const isKey = (value: unknown): value is IndexKey => typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && !Number.isNaN(value));

const rank = (key: IndexKey): number => (typeof key === 'boolean' ? 0 : typeof key === 'number' ? 1 : 2);

/** booleans, then numbers, then strings by their UTF-16 units, as IndexedDB has the last two. */
export function compareKeys(left: IndexKey, right: IndexKey): number {
  const ranks = rank(left) - rank(right);
  return ranks !== 0 ? ranks : left < right ? -1 : left > right ? 1 : 0;
}

export class SliceIndex {
  readonly #path: readonly string[];
  readonly #buckets = new Map<IndexKey, Bucket>();
  /** The keys in order; undefined when one came or went since they were sorted. */
  #keys: IndexKey[] | undefined;

  /** `path`: a member's name, or several with dots between them. */
  constructor(path: string, entries: Iterable<Indexed>) {
    this.#path = path.split('.');
    for (const entry of entries) this.add(entry);
  }

  /** Requires: the entry is not in the index. */
  add(entry: Indexed): void {
    const key = this.#keyOf(entry.item);
    if (key === undefined) return;
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      this.#buckets.set(key, { entries: new Set([entry]), result: undefined });
      this.#keys = undefined;
    } else {
      bucket.entries.add(entry);
      bucket.result = undefined;
    }
  }

  /** Requires: `entry.item` is the item that it was added with. */
  remove(entry: Indexed): void {
    const key = this.#keyOf(entry.item);
    const bucket = key === undefined ? undefined : this.#buckets.get(key);
    if (bucket === undefined || !bucket.entries.delete(entry)) return;
    bucket.result = undefined;
    if (bucket.entries.size > 0) return;
    this.#buckets.delete(key!);
    this.#keys = undefined;
  }

  /** The same array while nothing in it changed. */
  get(key: IndexKey): readonly Plain[] {
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) return empty;
    return (bucket.result ??= Object.freeze([...bucket.entries].sort((left, right) => left.order - right.order).map((entry) => entry.item)));
  }

  range(range: IndexRange): readonly Plain[] {
    const keys = (this.#keys ??= [...this.#buckets.keys()].sort(compareKeys));
    const { lower, upper } = range;
    const from = lower === undefined ? 0 : firstFrom(keys, lower, range.lowerOpen === true);
    const found: Plain[] = [];
    for (let at = from; at < keys.length; at++) {
      const key = keys[at]!;
      const order = upper === undefined ? -1 : compareKeys(key, upper);
      if (order > 0 || (order === 0 && range.upperOpen === true)) break;
      found.push(...this.get(key));
    }
    return Object.freeze(found);
  }

  #keyOf(item: Plain): IndexKey | undefined {
    let value: unknown = item;
    for (const name of this.#path) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
      value = (value as Plain)[name];
    }
    return isKey(value) ? value : undefined;
  }
}

/** The indexes of one slice that were asked for so far, and the items' order, which they share. */
export class SliceIndexes {
  readonly #entries = new Map<string, Indexed>();
  readonly #indexes = new Map<string, SliceIndex>();
  #lastOrder = 0;

  /** `items` by their ids, in their order. */
  constructor(items: ReadonlyMap<string, Plain>) {
    for (const [id, item] of items) this.#entries.set(id, { item, order: ++this.#lastOrder });
  }

  query(name: string, value: IndexKey | IndexRange): readonly Plain[] {
    let index = this.#indexes.get(name);
    if (index === undefined) this.#indexes.set(name, (index = new SliceIndex(name, this.#entries.values())));
    return typeof value === 'object' ? index.range(value) : index.get(value);
  }

  /** A new item comes behind the others. */
  put(id: string, item: Plain): void {
    let entry = this.#entries.get(id);
    if (entry === undefined) this.#entries.set(id, (entry = { item, order: ++this.#lastOrder }));
    else for (const index of this.#indexes.values()) index.remove(entry);
    entry.item = item;
    for (const index of this.#indexes.values()) index.add(entry);
  }

  remove(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    for (const index of this.#indexes.values()) index.remove(entry);
    this.#entries.delete(id);
  }
}

/** The first place whose key is not before `bound` (behind it, if the bound is left out). */
function firstFrom(keys: readonly IndexKey[], bound: IndexKey, isOpen: boolean): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compareKeys(keys[middle]!, bound);
    if (order < 0 || (order === 0 && isOpen)) low = middle + 1;
    else high = middle;
  }
  return low;
}
