// The slices of one core: the built-in ones of the generated table and those that createCore() was
// given. Who routes actions, mirrors state or imports items asks here and not the table.
import { routeOf, sliceNames, type ActionRoute, type SliceName } from './action-table.js';
import type { AnySliceDefinition } from './custom-slices.js';
import { sliceTable, type SliceEntry, type Verb } from './generated/slices.js';
import { fieldSetters } from './import/own-format.js';

const capital = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

const kVerbs: Readonly<Record<string, Verb>> = {
  addItem: 'put', addItems: 'put-many', updateItem: 'merge', replaceItem: 'replace', removeItem: 'remove', setItems: 'set-all',
  setActive: 'set-field', clearActive: 'clear-field',
};

/** Where a definition's items go on the server: under its name, unless it says otherwise or is not kept at all. */
export const wireOf = (name: string, { wire, persist }: AnySliceDefinition): string | null =>
  (wire !== undefined ? wire : persist === false ? null : name);

function entryOf(name: string, definition: AnySliceDefinition): SliceEntry {
  const { collection = 'items', indexes = [], fields = {} } = definition;
  const setters = Object.keys(fields).map((field) => [`set${capital(field)}`, 'set-field' as Verb]);
  return {
    collection, wire: wireOf(name, definition), indexes,
    fields: { activeId: null, ...fields },
    verbs: { ...kVerbs, ...(Object.fromEntries(setters) as Record<string, Verb>) },
  };
}

export class SliceSet {
  readonly names: readonly SliceName[];
  readonly #custom = new Map<string, SliceEntry>();
  readonly #routes = new Map<string, ActionRoute>();

  constructor(definitions: Readonly<Record<string, AnySliceDefinition>> = {}) {
    for (const [name, definition] of Object.entries(definitions)) {
      const entry = entryOf(name, definition);
      this.#custom.set(name, entry);
      for (const [action, verb] of Object.entries(entry.verbs)) this.#routes.set(`${name}/${action}`, { slice: name as SliceName, verb });
    }
    this.names = [...sliceNames, ...(this.#custom.keys() as Iterable<SliceName>)];
  }

  /** Names of the slices that createCore() was given. */
  get custom(): IterableIterator<string> {
    return this.#custom.keys();
  }

  /** undefined when there is no such slice. */
  find(name: string): SliceEntry | undefined {
    return Object.hasOwn(sliceTable, name) ? sliceTable[name as SliceName] : this.#custom.get(name);
  }

  /** Requires: `name` is one of `names`. */
  entry(name: SliceName): SliceEntry {
    return this.find(name)!;
  }

  /** The slice whose items have this prefix on the server. */
  ofWire(wire: string): SliceName | undefined {
    return this.names.find((name) => this.entry(name).wire === wire);
  }

  /** undefined for a type that is in no slice. */
  readonly routeOf = (type: string): ActionRoute | undefined => routeOf(type) ?? this.#routes.get(type);

  /** The field that holds a copy of an item, or the one object of a slice without items. */
  itemField(slice: SliceName): string {
    const names = Object.keys(this.entry(slice).fields);
    return names.find((name) => name.startsWith('current')) ?? names[0]!;
  }

  /** The action (behind the slash) that brings back a slice's own field; undefined for fields of the moment. */
  setter(slice: string, field: string): string | undefined {
    if (!this.#custom.has(slice)) return fieldSetters[`${slice}.${field}`];
    return field === 'activeId' ? 'setActive' : `set${capital(field)}`;
  }
}
