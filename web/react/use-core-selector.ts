// Hooks on useSyncExternalStore. The core keeps identity while nothing changed, so none of them compares deeply.
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import type { Core, CoreStatus, Dispatch, IndexKey, Items, RootState } from 'codeforge-core';
import { useCore } from './context.js';

/** The snapshot function of one selector: runs it once per state, and keeps an equal result. */
function selection<Selected>(core: Core, selector: (state: RootState) => Selected, isEqual: (left: Selected, right: Selected) => boolean): () => Selected {
  let last: { state: RootState; selected: Selected } | undefined;
  return () => {
    const state = core.getState();
    if (last?.state === state) return last.selected;
    const selected = selector(state);
    last = { state, selected: last && isEqual(last.selected, selected) ? last.selected : selected };
    return last.selected;
  };
}

/**
 * What `selector` answers of the state. Renders again only when that changes, by `isEqual`.
 * With slices of your own name the state's type: `(state: AppState) => …`.
 *
 * @example
 * const active = useCoreSelector((state) => state.files.activeFileId);
 */
export function useCoreSelector<Selected, State = RootState>(
  selector: (state: State) => Selected, isEqual: (left: Selected, right: Selected) => boolean = Object.is,
): Selected {
  const core = useCore();
  const snapshot = useMemo(() => selection(core, selector as unknown as (state: RootState) => Selected, isEqual), [core, selector, isEqual]);
  return useSyncExternalStore(core.subscribe, snapshot, snapshot);
}

/**
 * One item, found by its id at once, whatever the size of its slice. undefined when absent.
 *
 * @example
 * const file = useItem('files', 'a');
 */
export function useItem<Slice extends keyof Items>(slice: Slice, id: string | null | undefined): Items[Slice] | undefined;
/** One item of a slice of your own: `useItem<Note>('notes', id)`. */
export function useItem<Item extends { id: string }>(slice: string, id: string | null | undefined): Item | undefined;
export function useItem(slice: any, id: string | null | undefined): unknown {
  const core = useCore();
  const snapshot = useCallback(() => (id === null || id === undefined ? undefined : core.read(slice as keyof Items, id)), [core, slice, id]);
  return useSyncExternalStore(core.subscribe, snapshot, snapshot);
}

/**
 * The items that an index of the slice has for a value; the same array while none of them changed.
 *
 * @example
 * const inSource = useQuery('files', 'path', '/src');
 */
export function useQuery<Slice extends keyof Items>(slice: Slice, index: string, value: IndexKey): readonly Items[Slice][];
/** As above in a slice of your own: `useQuery<Note>('notes', 'path', '/a')`. */
export function useQuery<Item extends { id: string }>(slice: string, index: string, value: IndexKey): readonly Item[];
export function useQuery(slice: any, index: string, value: IndexKey): unknown {
  const core = useCore();
  const snapshot = useCallback(() => core.query(slice as keyof Items, index, value), [core, slice, index, value]);
  return useSyncExternalStore(core.subscribe, snapshot, snapshot);
}

/**
 * `core.status()`, renewed whenever it changes.
 *
 * @example
 * const { save, sync } = useCoreStatus();
 */
export function useCoreStatus(): CoreStatus {
  const core = useCore();
  return useSyncExternalStore(core.onStatus, core.status, core.status);
}

/**
 * `core.dispatch`, the same function in every render.
 *
 * @example
 * const dispatch = useCoreDispatch();
 * const open = () => dispatch(files.setActiveFile('a'));
 */
export const useCoreDispatch = (): Dispatch => useCore().dispatch;
