// What a push, a pull or a check is told as when it is over.
import type { PullResult, PushResult, SyncStatus } from 'codeforge-core';
import { countText } from './format.js';

const withConflicts = (text: string, conflicts: number): string => (conflicts > 0 ? `${text}; ${countText(conflicts, 'conflict')} to decide` : text);

export const pushText = ({ pushed, deleted, conflicts }: PushResult): string =>
  withConflicts(pushed + deleted > 0 ? `Pushed ${countText(pushed + deleted, 'change')}` : 'The server has everything already', conflicts);

export function pullText({ pulled, removed, kept, conflicts }: PullResult): string {
  const text = pulled + removed > 0 ? `Pulled ${countText(pulled + removed, 'change')}` : 'Nothing new on the server';
  return withConflicts(kept > 0 ? `${text}, kept ${countText(kept, 'edit')} of this device` : text, conflicts);
}

export const isSyncing = ({ phase }: SyncStatus): boolean => phase === 'pushing' || phase === 'pulling' || phase === 'checking';
