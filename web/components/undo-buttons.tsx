// Undo and redo as buttons and keys, with what they would do and what could not be put back.
import { useCallback, useEffect, type ReactElement } from 'react';
import type { HistoryMove } from 'codeforge-core';
import { useUndo } from 'codeforge-core/react';
import { countText } from './format.js';
import { Icon } from './icon.js';
import { useToasts } from './toasts.js';

/** Fields have an undo of their own, which is what somebody who types there means. */
const kOwnUndo = 'input, textarea, select, [contenteditable]:not([contenteditable="false"])';

function withdrawnText({ withdrawn }: HistoryMove): string | undefined {
  if (withdrawn.length === 0) return undefined;
  const gone = withdrawn.filter(({ why }) => why === 'gone').length;
  const rest = withdrawn.length - gone;
  return [rest > 0 && `${countText(rest, 'value')} changed elsewhere since`, gone > 0 && `${countText(gone, 'item')} no longer there`].filter(Boolean).join(', ');
}

export interface UndoButtonsProps {
  /** Ctrl+Z, Ctrl+Shift+Z and Ctrl+Y (with Cmd on a Mac) anywhere on the page but in text fields. */
  shortcuts?: boolean;
  className?: string;
}

/**
 * Undo and redo of this user's edits in this tab. What others changed meanwhile is left as it is, and said.
 *
 * @example
 * <UndoButtons shortcuts />
 */
export function UndoButtons({ shortcuts = false, className = '' }: UndoButtonsProps): ReactElement {
  const { undo, redo, canUndo, canRedo, undoLabel, redoLabel } = useUndo();
  const toasts = useToasts();
  const run = useCallback((move: () => HistoryMove | null): void => {
    const done = move();
    const left = done && withdrawnText(done);
    if (left) toasts?.show({ tone: 'warn', key: 'undo', text: done.type === null ? 'Nothing was put back' : 'Not all of it was put back', detail: `${left}.` });
  }, [toasts]);
  useEffect(() => {
    if (!shortcuts) return;
    const onKey = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.defaultPrevented) return;
      if (event.target instanceof Element && event.target.closest(kOwnUndo)) return;
      const key = event.key.toLowerCase();
      const move = key === 'y' || (key === 'z' && event.shiftKey) ? redo : key === 'z' ? undo : undefined;
      if (!move) return;
      event.preventDefault();
      run(move);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [shortcuts, run, undo, redo]);
  const undoText = undoLabel === null ? 'Undo' : `Undo: ${undoLabel}`;
  const redoText = redoLabel === null ? 'Redo' : `Redo: ${redoLabel}`;
  return (
    <span className={`cf cf-undo ${className}`} role="group" aria-label="History">
      <button type="button" className="cf-icon-button" aria-label={undoText} title={undoText} disabled={!canUndo} onClick={() => run(undo)}><Icon name="undo" /></button>
      <button type="button" className="cf-icon-button cf-redo" aria-label={redoText} title={redoText} disabled={!canRedo} onClick={() => run(redo)}><Icon name="undo" /></button>
    </span>
  );
}
