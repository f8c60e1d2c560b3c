// The one sentence of the status bar, from the core's state and nothing else.
import type { ConflictItem, CoreStatus, RootState } from 'codeforge-core';

export type StatusTone = 'busy' | 'good' | 'synced' | 'waiting' | 'conflict' | 'problem';

export interface StatusText {
  readonly tone: StatusTone;
  readonly text: string;
}

const nameOf = (version: Record<string, unknown> | null): string | undefined =>
  typeof version?.name === 'string' && version.name !== '' ? version.name : undefined;

export const conflictName = (conflict: ConflictItem): string =>
  nameOf(conflict.localVersion) ?? nameOf(conflict.remoteVersion) ?? nameOf(conflict.baseVersion) ?? conflict.id;

/** What needs the user comes first; "Saved" is said only when nothing else is true. */
export function statusText(status: CoreStatus, conflicts: readonly ConflictItem[]): StatusText {
  const { sync } = status;
  if (status.phase === 'failed' || status.save === 'problem' || status.storage.error) return { tone: 'problem', text: 'Storage problem — export now' };
  if (conflicts.length === 1) return { tone: 'conflict', text: `Conflict in ${conflictName(conflicts[0]!)}` };
  if (conflicts.length > 1) return { tone: 'conflict', text: `Conflict in ${conflicts.length} items` };
  if (status.phase === 'opening' || status.save === 'saving' || status.unsavedCommits > 0) return { tone: 'busy', text: 'Saving…' };
  const isAway = sync.connected === false || sync.phase === 'offline' || sync.phase === 'waiting';
  if (isAway && sync.pending > 0) return { tone: 'waiting', text: `Offline — ${sync.pending} ${sync.pending === 1 ? 'change' : 'changes'} waiting` };
  if (sync.connected && sync.pending === 0 && sync.lastSyncedAt !== null) return { tone: 'synced', text: 'Saved (synced)' };
  return { tone: 'good', text: 'Saved on this device' };
}

export const selectConflicts = (state: RootState): readonly ConflictItem[] => state.conflicts.conflicts;
