// What a status bar says about the work: the core's own sentence, with the name of the item in conflict.
import { saveIndicator, type ConflictItem, type CoreStatus, type SaveIndicatorState } from 'codeforge-core';
import type { Tone } from './parts.js';

export interface SaveState {
  readonly kind: SaveIndicatorState['kind'];
  readonly tone: Tone;
  readonly text: string;
}

const kTones: Readonly<Record<SaveState['kind'], Tone>> = {
  saving: 'busy', 'on-device': 'good', saved: 'good', waiting: 'warn', conflict: 'warn', problem: 'bad', memory: 'warn',
};

const nameIn = (version: Record<string, unknown> | null): string | undefined =>
  typeof version?.name === 'string' && version.name !== '' ? version.name : undefined;

/**
 * What to call the item of a conflict.
 *
 * @example
 * conflictName({ id: 'files:a', localVersion: { id: 'a', name: 'a.ts' }, remoteVersion: null, baseVersion: null }); // 'a.ts'
 */
export const conflictName = (conflict: Pick<ConflictItem, 'id' | 'localVersion' | 'remoteVersion' | 'baseVersion'>): string =>
  nameIn(conflict.localVersion) ?? nameIn(conflict.remoteVersion) ?? nameIn(conflict.baseVersion) ?? conflict.id;

/**
 * One sentence. What needs the user comes first; "Saved" is said only when nothing else is true.
 *
 * @example
 * const { kind, text } = saveState(core.status(), core.getState().conflicts.conflicts);
 * kind === 'conflict'; // false
 */
export function saveState(status: CoreStatus, conflicts: readonly ConflictItem[]): SaveState {
  const { kind, text } = saveIndicator(status);
  const named = kind === 'conflict' && conflicts.length === 1 ? `Conflict in ${conflictName(conflicts[0]!)}` : kind === 'saved' ? 'Saved (synced)' : text;
  return { kind, tone: kTones[kind], text: named };
}
