// One slice in JavaScript: plain frozen objects, filled when first read and kept right by echoes and
// the change feed. Until somebody needs the whole slice it has only the items that were read one by one. An edit is
// O(1); the array of all items is brought up to date only when somebody asks for the slice's state, and is copied then,
// since the old one was handed out.
import type { SliceEntry } from './generated/slices.js';
import type { Plain } from './frame.js';
import { freezeDeep } from './json-check.js';
import { applyAt, type PathStep } from './path-apply.js';
import { demandKeys, SliceIndexes, type IndexKey, type IndexRange } from './slice-index.js';

/** `{"items":[...],"fields":{...}}` as the core's readAll() gives it. */
export interface SliceText {
  items: Plain[];
  fields: Plain;
}

export class SliceMirror {
  readonly collection: string | null;
  readonly #initial: Plain;
  /** In the order of the items: a Map keeps the place of an id that is set again. A read is one lookup in it. */
  #map = new Map<string, Plain>();
  /** The items as an array, as it was handed out last. */
  #items: readonly Plain[] = Object.freeze([]);
  /** Where each id is in #items; made when the array has to follow single edits. */
  #positions: Map<string, number> | undefined;
  /** Ids whose items have changed since #items was made. */
  #edited: string[] = [];
  #isReordered = false;
  #fields: Plain;
  #state: Plain | undefined;
  /** Hears what becomes of an item; id '' is the slice's own fields. */
  watch: ((id: string, before: Plain | undefined, after: Plain | undefined) => void) | undefined;
  /** False until all of it was read: nothing is kept of a slice that nobody reads, and of one that is read in part only that. */
  isLoaded = false;
  /** Of the declared indexes those that were asked for. */
  #indexes: SliceIndexes | undefined;

  constructor(entry: SliceEntry) {
    this.collection = entry.collection;
    this.#initial = freezeDeep({ ...entry.fields });
    this.#fields = this.#initial;
  }

  /** undefined when absent. Never enters WebAssembly. */
  item(id: string): Plain | undefined {
    return this.#map.get(id);
  }

  get fields(): Plain {
    return this.#fields;
  }

  get size(): number {
    return this.#map.size;
  }

  /** Whether a change of the item (id '': of the slice's fields or order) has to be followed. */
  follows(id: string): boolean {
    return this.isLoaded || this.#map.has(id);
  }

  /** Keeps one item of a slice that is not loaded: `known`, where that is equal. */
  keep(id: string, item: Plain, known?: Plain): Plain {
    const kept = known !== undefined && isEqual(known, item) ? known : freezeDeep(item);
    this.#map.set(id, kept);
    this.#isReordered = true;
    return kept;
  }

  /** Drops the items of a slice that is not loaded, and answers them. */
  forget(): Map<string, Plain> {
    const known = this.#map;
    this.#map = new Map();
    return known;
  }

  /** The slice's state; the same object while nothing changed. */
  state(): Plain {
    return (this.#state ??= Object.freeze(
      this.collection === null ? { ...this.#fields } : { [this.collection]: this.items(), ...this.#fields },
    ));
  }

  items(): readonly Plain[] {
    if (!this.isLoaded) return this.#items; // some of them are not all of them
    if (this.#isReordered) this.#rebuild();
    else if (this.#edited.length > 0) {
      const positions = (this.#positions ??= new Map([...this.#map.keys()].map((id, index) => [id, index])));
      // Spread, since slice() of a frozen array is fifty times slower in V8.
      const items = [...this.#items];
      for (const id of this.#edited) items[positions.get(id)!] = this.#map.get(id)!;
      this.#items = Object.freeze(items);
      this.#edited = [];
    }
    return this.#items;
  }

  put(id: string, item: Plain): void {
    this.#state = undefined;
    const before = this.#map.get(id);
    if (this.watch !== undefined) this.watch(id, before, item);
    if (this.#indexes !== undefined) this.#indexes.put(id, item);
    this.#map.set(id, item);
    if (this.#isReordered) return;
    // Beyond that many it is cheaper to walk the Map once.
    if (before === undefined || (this.#edited.length >= 1024 && this.#edited.length > this.#items.length >> 1)) this.#isReordered = true;
    else this.#edited.push(id);
  }

  remove(id: string): void {
    const before = this.#map.get(id);
    if (before === undefined) return;
    this.watch?.(id, before, undefined);
    this.#map.delete(id);
    this.#indexes?.remove(id);
    this.#state = undefined;
    this.#isReordered = true;
  }

  /** The collection becomes exactly these, in this order; of a repeated id the last one counts. */
  setAll(items: readonly Plain[]): void {
    if (this.watch !== undefined) for (const [id, item] of this.#map) this.watch(id, item, undefined);
    this.#begin();
    for (const item of items) this.put(item.id as string, item);
  }

  /** What a declared index has; built from all items at the first call, kept right afterwards. Throws CoreError for a value that is none. */
  query(name: string, value: IndexKey | IndexRange): readonly Plain[] {
    demandKeys(value);
    return (this.#indexes ??= new SliceIndexes(this.#map)).query(name, value);
  }

  /** One change of the feed. `path` [] is the whole item, `id` "" the slice's own fields. */
  apply(id: string, path: readonly PathStep[], value: unknown, erased: boolean): void {
    freezeDeep(value);
    if (id === '' && path.length === 0) {
      this.#order(value as readonly string[]);
    } else if (id === '') {
      const before = this.#fields;
      this.#fields = applyAt(before, path, value, erased) as Plain;
      this.watch?.('', before, this.#fields);
      this.#state = undefined;
    } else if (path.length === 0) {
      if (erased) this.remove(id);
      else this.put(id, value as Plain);
    } else {
      const before = this.item(id);
      const after = applyAt(before, path, value, erased);
      if (after !== before) this.put(id, after as Plain);
    }
  }

  /** Takes what readAll() gave. Items that are equal to those already here keep their identity. */
  load(text: SliceText): void {
    const before = this.#begin();
    for (const item of text.items) {
      const id = item.id as string;
      const old = before.get(id);
      this.#map.set(id, old !== undefined && isEqual(old, item) ? old : freezeDeep(item));
    }
    const fields: Plain = { ...this.#initial, ...text.fields };
    for (const name of Object.keys(fields)) {
      const old = this.#fields[name];
      fields[name] = isEqual(old, fields[name]) ? old : freezeDeep(fields[name]);
    }
    this.#fields = Object.freeze(fields);
    this.isLoaded = true;
  }

  /** The items get this order, and so does what the indexes answer: they are built anew when they are asked. */
  #order(ids: readonly string[]): void {
    const before = this.#begin();
    for (const id of ids) {
      const item = before.get(id);
      if (item !== undefined) this.#map.set(id, item);
    }
  }

  /** An empty Map for what comes; answers the one before. */
  #begin(): ReadonlyMap<string, Plain> {
    const before = this.#map;
    this.#map = new Map();
    this.#indexes = undefined;
    this.#isReordered = true;
    this.#state = undefined;
    return before;
  }

  #rebuild(): void {
    this.#items = Object.freeze([...this.#map.values()]);
    this.#positions = undefined;
    this.#edited = [];
    this.#isReordered = false;
  }
}

/** Deep equality of JSON values; the order of members does not count. */
export function isEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) =>
    Object.prototype.hasOwnProperty.call(right, name) && isEqual((left as Plain)[name], (right as Plain)[name]));
}
