// useUndo(): what the buttons Undo and Redo show and do.
import { useMemo, useSyncExternalStore } from 'react';
import type { HistoryMove } from 'codeforge-core';
import { useCore } from './context.js';

export interface Undo {
  /** null: there was nothing to undo. */
  undo(): HistoryMove | null;
  redo(): HistoryMove | null;
  canUndo: boolean;
  canRedo: boolean;
  /** What undo() would take back, for people: "Edit main.ts". */
  undoLabel: string | null;
  redoLabel: string | null;
}

export function useUndo(): Undo {
  const core = useCore();
  const snapshot = useMemo(() => () => core.history, [core]);
  const { canUndo, canRedo, undoLabel, redoLabel } = useSyncExternalStore(core.subscribe, snapshot, snapshot);
  return { undo: core.undo, redo: core.redo, canUndo, canRedo, undoLabel, redoLabel };
}
