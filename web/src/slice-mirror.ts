// One slice in JavaScript: plain frozen objects, filled when first read and kept right by echoes and
// the change feed. Until somebody needs the whole slice it has only the items that were read one by one. An edit is
// O(1); the array of all items is brought up to date only when somebody asks for the slice's state, and is copied then,
// since the old one was handed out.
import type { SliceEntry } from './generated/slices.js';
import type { Plain } from './frame.js';
import { freezeDeep } from './json-check.js';
import { applyAt, type PathStep } from './path-apply.js';
import { demandKeys, SliceIndex, type IndexKey, type IndexRange } from './slice-index.js';

interface Slot {
  item: Plain;
  /** Position in #items; right unless #isReordered. */
  index: number;
  /** Grows with every insertion, so that items can be put in their order without the others. */
  order: number;
}

/** `{"items":[...],"fields":{...}}` as the core's readAll() gives it. */
export interface SliceText {
  items: Plain[];
  fields: Plain;
}

export class SliceMirror {
  readonly collection: string | null;
  readonly #initial: Plain;
  /** In the order of the items: a Map keeps the place of an id that is set again. */
  #slots = new Map<string, Slot>();
  #items: readonly Plain[] = Object.freeze([]);
  #edited: Slot[] = [];
  #isReordered = false;
  #fields: Plain;
  #state: Plain | undefined;
  /** Hears what becomes of an item; id '' is the slice's own fields. */
  watch: ((id: string, before: Plain | undefined, after: Plain | undefined) => void) | undefined;
  /** False until all of it was read: nothing is kept of a slice that nobody reads, and of one that is read in part only that. */
  isLoaded = false;
  /** Of the declared indexes those that were asked for. */
  readonly #indexes = new Map<string, SliceIndex>();
  #lastOrder = 0;

  constructor(entry: SliceEntry) {
    this.collection = entry.collection;
    this.#initial = freezeDeep({ ...entry.fields });
    this.#fields = this.#initial;
  }

  /** undefined when absent. Never enters WebAssembly. */
  item(id: string): Plain | undefined {
    return this.#slots.get(id)?.item;
  }

  get fields(): Plain {
    return this.#fields;
  }

  get size(): number {
    return this.#slots.size;
  }

  /** Whether a change of the item (id '': of the slice's fields or order) has to be followed. */
  follows(id: string): boolean {
    return this.isLoaded || this.#slots.has(id);
  }

  /** Keeps one item of a slice that is not loaded: `known`, where that is equal. */
  keep(id: string, item: Plain, known?: Plain): Plain {
    const kept = known !== undefined && isEqual(known, item) ? known : freezeDeep(item);
    this.#slots.set(id, { item: kept, index: -1, order: 0 });
    this.#isReordered = true;
    return kept;
  }

  /** Drops the items of a slice that is not loaded, and answers them. */
  forget(): Map<string, Plain> {
    const known = new Map([...this.#slots].map(([id, { item }]) => [id, item]));
    this.#slots = new Map();
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
    const edited = this.#edited;
    if (this.#isReordered) this.#rebuild();
    else if (edited.length > 0) {
      // Spread, since slice() of a frozen array is fifty times slower in V8.
      const items = [...this.#items];
      for (const slot of edited) items[slot.index] = slot.item;
      this.#items = Object.freeze(items);
    }
    if (edited.length > 0) this.#edited = [];
    return this.#items;
  }

  put(id: string, item: Plain): void {
    this.#state = undefined;
    const slot = this.#slots.get(id);
    if (this.watch !== undefined) this.watch(id, slot?.item, item);
    if (slot === undefined) {
      this.#slots.set(id, this.#added({ item, index: -1, order: 0 }));
      this.#isReordered = true;
      return;
    }
    if (this.#indexes.size > 0) this.#reindex(slot, item);
    slot.item = item;
    if (this.#isReordered) return;
    // Beyond that many it is cheaper to walk the Map once.
    if (this.#edited.length >= 1024 && this.#edited.length > this.#items.length >> 1) this.#isReordered = true;
    else this.#edited.push(slot);
  }

  remove(id: string): void {
    const slot = this.#slots.get(id);
    if (slot === undefined) return;
    this.watch?.(id, slot.item, undefined);
    this.#slots.delete(id);
    for (const index of this.#indexes.values()) index.remove(slot);
    this.#state = undefined;
    this.#isReordered = true;
  }

  /** The collection becomes exactly these, in this order; of a repeated id the last one counts. */
  setAll(items: readonly Plain[]): void {
    if (this.watch !== undefined) for (const [id, { item }] of this.#slots) this.watch(id, item, undefined);
    this.#slots = new Map();
    this.#indexes.clear();
    this.#isReordered = true;
    this.#state = undefined;
    for (const item of items) this.put(item.id as string, item);
  }

  /** What a declared index has; built from all items at the first call, kept right afterwards. Throws CoreError for a value that is none. */
  query(name: string, value: IndexKey | IndexRange): readonly Plain[] {
    demandKeys(value);
    let index = this.#indexes.get(name);
    if (index === undefined) this.#indexes.set(name, (index = new SliceIndex(name, this.#slots.values())));
    return typeof value === 'object' ? index.range(value) : index.get(value);
  }

  #added(slot: Slot): Slot {
    slot.order = ++this.#lastOrder;
    for (const index of this.#indexes.values()) index.add(slot);
    return slot;
  }

  #reindex(slot: Slot, item: Plain): void {
    for (const index of this.#indexes.values()) index.remove(slot);
    slot.item = item;
    for (const index of this.#indexes.values()) index.add(slot);
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
    const before = this.#slots;
    this.#slots = new Map();
    this.#indexes.clear();
    for (const item of text.items) {
      const id = item.id as string;
      const old = before.get(id)?.item;
      this.#slots.set(id, { item: old !== undefined && isEqual(old, item) ? old : freezeDeep(item), index: -1, order: ++this.#lastOrder });
    }
    const fields: Plain = { ...this.#initial, ...text.fields };
    for (const name of Object.keys(fields)) {
      const old = this.#fields[name];
      fields[name] = isEqual(old, fields[name]) ? old : freezeDeep(fields[name]);
    }
    this.#fields = Object.freeze(fields);
    this.#isReordered = true;
    this.#state = undefined;
    this.isLoaded = true;
  }

  /** The items get this order, and so does what the indexes answer: they are built anew when they are asked. */
  #order(ids: readonly string[]): void {
    const slots = this.#slots;
    this.#slots = new Map();
    this.#indexes.clear();
    for (const id of ids) {
      const slot = slots.get(id);
      if (slot === undefined) continue;
      slot.order = ++this.#lastOrder;
      this.#slots.set(id, slot);
    }
    this.#isReordered = true;
    this.#state = undefined;
  }

  #rebuild(): void {
    const items = new Array<Plain>(this.#slots.size);
    let index = 0;
    for (const slot of this.#slots.values()) {
      items[index] = slot.item;
      slot.index = index++;
    }
    this.#items = Object.freeze(items);
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
