// Import that replaces: the items of a slice become exactly those of the file.
import type { SliceName } from '../action-table.js';
import type { Plain } from '../frame.js';
import { mergeItems, type PutItems } from '../project-import.js';
import type { SliceSet } from '../slice-set.js';
import type { Core } from '../types.js';

/** The ids that a slice has now. */
export function idsIn(core: Core, slices: SliceSet, slice: SliceName): string[] {
  const { collection } = slices.entry(slice);
  const state = (core.getState() as unknown as Record<string, Record<string, unknown>>)[slice];
  return ((state?.[collection ?? ''] ?? []) as readonly Plain[]).map(({ id }) => id as string);
}

/** Where an item of the file is refused, the one of its id that is here stays. `removed` gets the counts of those that go. */
export function replacing(slices: SliceSet, removed: Record<string, number>): PutItems {
  return (core, slice, items, problems) => {
    const wanted = new Set(items.map(({ id }) => id));
    const gone = idsIn(core, slices, slice).filter((id) => !wanted.has(id));
    if (gone.length > 0) removed[slice] = gone.length;
    if (!core.dispatch({ type: `${slice}/setItems`, payload: items }).error) return items.length;
    const count = mergeItems(core, slice, items, problems);
    for (const id of gone) core.dispatch({ type: `${slice}/removeItem`, payload: id });
    return count;
  };
}
