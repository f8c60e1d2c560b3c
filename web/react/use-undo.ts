// useUndo(): what the buttons Undo and Redo show and do.
import { useMemo, useSyncExternalStore } from 'react';
import type { HistoryMove } from 'codeforge-core';
import { useCore } from './context.js';

export interface Undo {
  /** Takes back this session's last edit, or group of edits; null: there was nothing. */
  undo(): HistoryMove | null;
  /** Does again what undo() took back last; null: there was nothing. */
  redo(): HistoryMove | null;
  canUndo: boolean;
  canRedo: boolean;
  /** What undo() would take back, for people: "Edit main.ts". */
  undoLabel: string | null;
  redoLabel: string | null;
}

/**
 * What the buttons Undo and Redo show and do. Renders again only when that changes.
 *
 * @example
 * const { undo, redo, canUndo, canRedo, undoLabel, redoLabel } = useUndo();
 * return (
 *   <>
 *     <button disabled={!canUndo} title={undoLabel ?? ''} onClick={() => undo()}>Undo</button>
 *     <button disabled={!canRedo} title={redoLabel ?? ''} onClick={() => redo()}>Redo</button>
 *   </>
 * );
 */
export function useUndo(): Undo {
  const core = useCore();
  const snapshot = useMemo(() => () => core.history, [core]);
  const { canUndo, canRedo, undoLabel, redoLabel } = useSyncExternalStore(core.subscribe, snapshot, snapshot);
  return { undo: core.undo, redo: core.redo, canUndo, canRedo, undoLabel, redoLabel };
}
