// Actions and thunks of the slice `conflicts`, under the names of the original.
import { conflicts } from 'codeforge-core';

export type { ConflictItem, ConflictsState } from 'codeforge-core';
export const {
  detectConflicts, resolveConflict, resolveAllConflicts, clearConflicts, setAutoResolveStrategy, removeConflict,
} = conflicts;
