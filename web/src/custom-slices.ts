// Slices that an application brings itself: what it says of them, what the core is told, and the types
// of their state and actions.
import type { ActionCreator } from './actions.js';
import { creators } from './actions.js';
import { CoreError } from './errors.js';
import type { IndexKey, IndexRange } from './slice-index.js';
import { SliceSet, wireOf } from './slice-set.js';

/** An item of a slice whose definition does not say more. */
export interface CustomItem {
  id: string;
  [member: string]: unknown;
}

/** A JSON Schema (draft 2020-12 or older). */
export type JsonSchema = Readonly<Record<string, unknown>> | boolean;

/** A slice of your own: a collection of items with the same persistence, sync, undo and hooks as the built-in ones. */
export interface SliceDefinition<Item extends { id: string } = CustomItem, Collection extends string = string, Fields = object> {
  /** Member of the slice's state that lists the items; a letter, then letters and digits. Default `items`. */
  readonly collection?: Collection;
  /** Members that `core.query()` looks up, nested ones with dots: `path`, `meta.tag`. At most 16. */
  readonly indexes?: readonly string[];
  /** Prefix of the keys on the server. Default: the slice's name. null: never synced. */
  readonly wire?: string | null;
  /** Default true. false: nothing is kept beyond close(), and nothing is synced. */
  readonly persist?: boolean;
  /** Whether edits can be undone. Default true. */
  readonly undo?: boolean;
  /** The slice's own fields with their initial values, JSON. Each gets an action: `filter` → `setFilter`. At most 64. */
  readonly fields?: Fields;
  /** What an item must be. A dispatch that violates it is refused; what comes from elsewhere is kept and flagged. */
  readonly schema?: JsonSchema;
  /** Carries the type of the items; never there at run time. */
  readonly item?: Item;
}

export type AnySliceDefinition = SliceDefinition<any, string, any>;
export type SliceDefinitions = Readonly<Record<string, AnySliceDefinition>>;

/**
 * A definition whose items have a type.
 * @example
 * const notes = defineSlice<{ id: string; path: string; text: string }>()({ indexes: ['path'], fields: { filter: '' } });
 * const core = await createCore({ name: 'app', storage: 'memory', slices: { notes } });
 * core.dispatch(core.actions.notes.addItem({ id: 'n1', path: '/a', text: 'Hello' }));
 * console.log(core.getState().notes.items.length, core.query('notes', 'path', '/a')[0].text); // 1 Hello
 */
export function defineSlice<Item extends { id: string } = CustomItem>() {
  return <const Collection extends string = 'items', Fields extends object = object>(
    definition: SliceDefinition<Item, Collection, Fields>,
  ): SliceDefinition<Item, Collection, Fields> => definition;
}

export type ItemOf<Definition> = Definition extends SliceDefinition<infer Item, string, infer _> ? Item : CustomItem;
type CollectionOf<Definition> = Definition extends { readonly collection?: infer Name } ? (Name extends string ? (string extends Name ? 'items' : Name) : 'items') : 'items';
type FieldsOf<Definition> = Definition extends { readonly fields?: infer Fields } ? (Fields extends object ? Fields : object) : object;

export type CustomState<Definition> =
  { readonly [Name in CollectionOf<Definition>]: readonly ItemOf<Definition>[] } & { readonly activeId: string | null } & Readonly<FieldsOf<Definition>>;

interface GenericActions<Slice extends string, Item extends { id: string }> {
  /** Inserts the item, or replaces it whole. */
  readonly addItem: ActionCreator<`${Slice}/addItem`, Item>;
  readonly addItems: ActionCreator<`${Slice}/addItems`, readonly Item[]>;
  /** Its members replace those of the item, where there is one of that id. */
  readonly updateItem: ActionCreator<`${Slice}/updateItem`, Partial<Item> & { id: string }>;
  /** Replaces the item whole, where there is one of that id. */
  readonly replaceItem: ActionCreator<`${Slice}/replaceItem`, Item>;
  readonly removeItem: ActionCreator<`${Slice}/removeItem`, string | { id: string }>;
  /** The collection becomes exactly these, in this order. */
  readonly setItems: ActionCreator<`${Slice}/setItems`, readonly Item[]>;
  readonly setActive: ActionCreator<`${Slice}/setActive`, string>;
  readonly clearActive: ActionCreator<`${Slice}/clearActive`, undefined>;
}

export type CustomActions<Slice extends string, Definition> = GenericActions<Slice, ItemOf<Definition>> & {
  readonly [Name in keyof FieldsOf<Definition> & string as `set${Capitalize<Name>}`]: ActionCreator<`${Slice}/set${Capitalize<Name>}`, FieldsOf<Definition>[Name]>;
};

/**
 * What a core has besides for the slices that it was given.
 *
 * @example
 * const core = await createCore({ name: 'with-slices', storage: 'memory', slices: { notes: { indexes: ['path'] } } });
 * core.dispatch(core.actions.notes.addItem({ id: 'n', path: '/a', text: 'Hello' }));
 * core.read('notes', 'n').text; // 'Hello'
 * core.query('notes', 'path', '/a').length; // 1
 * core.getState().notes.items.length; // 1
 * await core.close();
 */
export interface WithSlices<Definitions extends SliceDefinitions, RootState> {
  /** The same reference while nothing changed. */
  readonly getState: () => RootState & { readonly [Name in keyof Definitions]: CustomState<Definitions[Name]> };
  /** Action creators of the custom slices. */
  readonly actions: { readonly [Name in keyof Definitions & string]: CustomActions<Name, Definitions[Name]> };
  /** One item, frozen; undefined when absent. */
  read<Name extends keyof Definitions & string>(slice: Name, id: string): ItemOf<Definitions[Name]> | undefined;
  /** See Core.query. */
  query<Name extends keyof Definitions & string>(slice: Name, index: string, value: IndexKey | IndexRange): readonly ItemOf<Definitions[Name]>[];
}

/** What the core is told of a definition. */
export interface SliceConfig {
  name: string;
  collection: string;
  wire: string | null;
  persist: boolean;
  undo: boolean;
  fields: object;
}

const kMaxIndexes = 16;

function refuse(name: string, why: string): never {
  throw new CoreError('malformed-payload', `createCore: slices.${name}: ${why}`);
}

/** What open() is given. Names, and what clashes with other slices, the core checks itself. Throws CoreError. */
export function sliceConfigs(definitions: SliceDefinitions): SliceConfig[] {
  return Object.entries(definitions).map(([name, definition]) => {
    if (typeof definition !== 'object' || definition === null) refuse(name, 'must be an object');
    const { collection = 'items', indexes = [], persist = true, undo = true, fields = {} } = definition as AnySliceDefinition;
    if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) refuse(name, 'fields must be an object of initial values');
    if (!Array.isArray(indexes) || indexes.length > kMaxIndexes || indexes.some((path) => typeof path !== 'string' || path === ''))
      refuse(name, `indexes must be an array of at most ${kMaxIndexes} member names`);
    try {
      JSON.stringify(fields);
    } catch (error) {
      refuse(name, `fields must be JSON (${(error as Error).message})`);
    }
    return { name, collection, wire: wireOf(name, definition), persist, undo, fields };
  });
}

/** Action creators of every custom slice. */
export function customActions(slices: SliceSet): Record<string, Record<string, unknown>> {
  return Object.fromEntries([...slices.custom].map((name) => [name, creators(name, Object.keys(slices.find(name)!.verbs))]));
}
