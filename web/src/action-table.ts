// Every action type with its slice and verb, from the generated slice table.
import { sliceTable, type RootState, type Verb } from './generated/slices.js';

export type SliceName = keyof RootState;

export interface ActionRoute {
  readonly slice: SliceName;
  readonly verb: Verb;
}

export const sliceNames = Object.keys(sliceTable) as SliceName[];

const routes = new Map<string, ActionRoute>();
for (const slice of sliceNames)
  for (const [name, verb] of Object.entries(sliceTable[slice].verbs)) routes.set(`${slice}/${name}`, { slice, verb });

/** undefined for a type that is in no slice; the core's refusal then says what is wrong with it. */
export const routeOf = (type: string): ActionRoute | undefined => routes.get(type);

export const actionTypes = (): IterableIterator<string> => routes.keys();

export const isSliceName = (name: string): name is SliceName => Object.prototype.hasOwnProperty.call(sliceTable, name);
