// Small signs for a status bar or a header: is it saved, are there conflicts.
import { type ReactElement } from 'react';
import type { ConflictItem, RootState } from 'codeforge-core';
import { useCoreSelector, useCoreStatus } from 'codeforge-core/react';
import { countText } from './format.js';
import { Icon } from './icon.js';
import { saveState, type SaveState } from './save-state.js';

export const selectConflicts = (state: RootState): readonly ConflictItem[] => state.conflicts.conflicts;

/**
 * The sentence of the save indicator, renewed with every status.
 *
 * @example
 * const { text, tone } = useSaveState();
 */
export const useSaveState = (): SaveState => saveState(useCoreStatus(), useCoreSelector(selectConflicts));

/** What a screen reader hears unasked: not every save, only what needs the user. */
const isSpoken = ({ kind }: SaveState): boolean => kind === 'problem' || kind === 'conflict' || kind === 'waiting';

export interface SaveIndicatorProps {
  /** Makes it a button. */
  onClick?: (state: SaveState) => void;
  className?: string;
}

/**
 * A dot and one true sentence: "Saving…", "Saved on this device", "Saved (synced)", "Offline — 3 changes waiting",
 * "Conflict in …", "Storage problem — export now".
 *
 * @example
 * <SaveIndicator onClick={({ kind }) => kind === 'conflict' && openConflicts()} />
 */
export function SaveIndicator({ onClick, className = '' }: SaveIndicatorProps): ReactElement {
  const state = useSaveState();
  const content = (
    <>
      <span className="cf-dot" aria-hidden="true" />
      <span className="cf-save-text">{state.text}</span>
      <span className="cf-hidden" role="status">{isSpoken(state) ? state.text : ''}</span>
    </>
  );
  const shared = { className: `cf cf-save ${className}`, 'data-tone': state.tone, 'data-kind': state.kind };
  return onClick ? <button type="button" {...shared} onClick={() => onClick(state)}>{content}</button> : <span {...shared}>{content}</span>;
}

export interface ConflictIndicatorProps {
  /** `badge` (default): "2 conflicts"; `compact`: an icon with the number. */
  variant?: 'badge' | 'compact';
  /** Makes it a link. */
  href?: string;
  /** Makes it a button. */
  onClick?: () => void;
  className?: string;
}

/**
 * How many conflicts wait; nothing at all when there is none.
 *
 * @example
 * <ConflictIndicator variant="compact" href="#/conflicts" />
 */
export function ConflictIndicator({ variant = 'badge', href, onClick, className = '' }: ConflictIndicatorProps): ReactElement | null {
  const count = useCoreSelector((state) => state.conflicts.conflicts.length);
  if (count === 0) return null;
  const words = countText(count, 'conflict');
  const content = <><Icon name="alert" size={14} />{variant === 'badge' ? words : <><span aria-hidden="true">{count}</span><span className="cf-hidden">{words}</span></>}</>;
  const shared = { className: `cf cf-badge cf-conflict-sign ${className}`, 'data-tone': 'warn' };
  if (href !== undefined) return <a href={href} onClick={onClick} {...shared}>{content}</a>;
  return onClick ? <button type="button" onClick={onClick} {...shared}>{content}</button> : <span {...shared}>{content}</span>;
}
