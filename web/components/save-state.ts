// What a status bar says about the work, from the core's status and nothing else.
import type { ConflictItem, CoreStatus } from 'codeforge-core';
import { countText } from './format.js';
import type { Tone } from './parts.js';

export interface SaveState {
  readonly kind: 'problem' | 'conflict' | 'saving' | 'offline' | 'synced' | 'saved';
  readonly tone: Tone;
  readonly text: string;
}

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
 * saveState(core.status(), core.getState().conflicts.conflicts).text; // 'Saved on this device'
 */
export function saveState(status: CoreStatus, conflicts: readonly ConflictItem[]): SaveState {
  const { sync } = status;
  if (status.phase === 'failed' || status.save === 'problem' || status.storage.error) return { kind: 'problem', tone: 'bad', text: 'Storage problem — export now' };
  if (conflicts.length === 1) return { kind: 'conflict', tone: 'warn', text: `Conflict in ${conflictName(conflicts[0]!)}` };
  if (conflicts.length > 1) return { kind: 'conflict', tone: 'warn', text: `Conflict in ${conflicts.length} items` };
  if (status.phase === 'opening' || status.save === 'saving' || status.unsavedCommits > 0) return { kind: 'saving', tone: 'busy', text: 'Saving…' };
  const isAway = sync.connected === false || sync.phase === 'offline' || sync.phase === 'waiting';
  if (isAway && sync.pending > 0) return { kind: 'offline', tone: 'warn', text: `Offline — ${countText(sync.pending, 'change')} waiting` };
  if (sync.connected && sync.pending === 0 && sync.lastSyncedAt !== null) return { kind: 'synced', tone: 'good', text: 'Saved (synced)' };
  if (status.save === 'memory') return { kind: 'saved', tone: 'warn', text: 'Only in this tab' };
  return { kind: 'saved', tone: 'good', text: 'Saved on this device' };
}
