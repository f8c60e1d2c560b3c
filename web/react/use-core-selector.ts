// Hooks on useSyncExternalStore. The core keeps identity while nothing changed, so none of them compares deeply.
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import type { Core, CoreStatus, Dispatch, Items, RootState } from 'codeforge-core';
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

/** Renders again only when what `selector` answers changes. */
export function useCoreSelector<Selected>(
  selector: (state: RootState) => Selected, isEqual: (left: Selected, right: Selected) => boolean = Object.is,
): Selected {
  const core = useCore();
  const snapshot = useMemo(() => selection(core, selector, isEqual), [core, selector, isEqual]);
  return useSyncExternalStore(core.subscribe, snapshot, snapshot);
}

/** One item, found by its id at once, whatever the size of its slice. undefined when absent. */
export function useItem<Slice extends keyof Items>(slice: Slice, id: string | null | undefined): Items[Slice] | undefined {
  const core = useCore();
  const snapshot = useCallback(() => (id === null || id === undefined ? undefined : core.read(slice, id)), [core, slice, id]);
  return useSyncExternalStore(core.subscribe, snapshot, snapshot);
}

export function useCoreStatus(): CoreStatus {
  const core = useCore();
  return useSyncExternalStore(core.onStatus, core.status, core.status);
}

export const useCoreDispatch = (): Dispatch => useCore().dispatch;
