// Plain action creators, one for every action of the slice table: `files.addFile(item)`.
import type { SliceName } from './action-table.js';
import { sliceTable, type Payloads } from './generated/slices.js';

type NamesOf<Slice extends SliceName> = {
  [Type in keyof Payloads]: Type extends `${Slice}/${infer Name}` ? (Name extends `${string}/${string}` ? never : Name) : never;
}[keyof Payloads];

type PayloadOf<Type extends string> = Type extends keyof Payloads ? Payloads[Type] : never;

export interface ActionCreator<Type extends string, Payload> {
  (...payload: undefined extends Payload ? [payload?: Payload] : [payload: Payload]): { type: Type; payload: Payload };
  readonly type: Type;
  /** Whether an action is one of these. */
  match(action: { type: string }): action is { type: Type; payload: Payload };
}

/**
 * The creators of one slice: the five that every collection has, and those of its own.
 *
 * @example
 * const second = { id: 'b', name: 'b.ts', content: '', language: 'typescript', path: '/src', updatedAt: 1 };
 * core.dispatch(files.addItem(second)); // inserts, or replaces the one of that id
 * core.dispatch(files.addItems([second, { ...second, id: 'c' }]));
 * core.dispatch(files.updateItem({ id: 'b', content: 'x' })); // these members, where there is one of that id
 * core.dispatch(files.removeItem('c')); // without effect where there is none
 * core.dispatch(files.setItems([second])); // exactly these, in this order
 * files.addItem.match({ type: files.addItem.type }); // true
 */
export type SliceActions<Slice extends SliceName> = {
  readonly [Name in NamesOf<Slice>]: ActionCreator<`${Slice}/${Name}`, PayloadOf<`${Slice}/${Name}`>>;
};

function creator(type: string): unknown {
  const create = (payload?: unknown): unknown => (payload === undefined ? { type } : { type, payload });
  return Object.assign(create, { type, match: (action: { type: string }) => action.type === type });
}

/** The creators of one slice. Life cycles of thunks have none: a thunk makes them. */
export function sliceActions<Slice extends SliceName>(slice: Slice): SliceActions<Slice> {
  return creators(slice, Object.keys(sliceTable[slice].verbs).filter((name) => !name.includes('/'))) as SliceActions<Slice>;
}

/** Creators for the actions of these names. */
export const creators = (slice: string, names: readonly string[]): Readonly<Record<string, unknown>> =>
  Object.freeze(Object.fromEntries(names.map((name) => [name, creator(`${slice}/${name}`)])));
