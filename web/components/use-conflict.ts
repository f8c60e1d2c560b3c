// One conflict with the version that this device has now, and what can be done with it.
import { useCallback, useMemo } from 'react';
import { CoreError, type ConflictItem, type Core, type HistoryStep, type Items } from 'codeforge-core';
import { useCore, useCoreSelector } from 'codeforge-core/react';
import { conflictFields, type ConflictField, type Resolution, type Version } from './conflict-fields.js';
import { conflictName } from './save-state.js';
import type { ToastAction, ToastList } from './toast-list.js';
import { useToasts } from './toasts.js';

const kDone: Readonly<Record<Resolution['strategy'], string>> = {
  local: 'Kept the version of this device', remote: 'Took the version of the server', merge: 'Merged both versions', manual: 'Combined both versions',
};

/** The item may have been edited on since the conflict was found: what counts is what is here now. */
function localVersionNow(core: Core, conflict: ConflictItem): Version | null {
  if (conflict.id.endsWith(':current')) return conflict.localVersion;
  const id = conflict.localVersion?.id ?? conflict.remoteVersion?.id;
  if (typeof id !== 'string') return conflict.localVersion;
  const item: unknown = core.read(conflict.entityType as keyof Items, id);
  return (item as Version | undefined) ?? null;
}

export interface OpenConflict {
  readonly conflict: ConflictItem;
  readonly local: Version | null;
  readonly remote: Version | null;
  readonly fields: readonly ConflictField[];
}

/** Both versions of a conflict as they are now; undefined when there is no such conflict (any more). */
export function useConflict(id: string): OpenConflict | undefined {
  const core = useCore();
  const conflict = useCoreSelector(useCallback(() => core.read('conflicts', id), [core, id]));
  const local = useCoreSelector(useCallback(() => (conflict ? localVersionNow(core, conflict) : null), [core, conflict]));
  return useMemo(() => {
    if (!conflict) return undefined;
    const remote = conflict.remoteVersion;
    const fields = conflictFields({ baseVersion: conflict.baseVersion, localVersion: local as ConflictItem['localVersion'], remoteVersion: remote });
    return { conflict, local, remote, fields };
  }, [conflict, local]);
}

/** Takes back the step that was the last one when this was made; later ones come first. */
function undoOf(core: Core, toasts: ToastList): ToastAction | undefined {
  const lastStep = (): HistoryStep | undefined => core.history.steps.findLast(({ isUndone }) => !isUndone);
  const step = lastStep();
  if (step === undefined) return undefined;
  const run = (): void => {
    const last = lastStep();
    if (last?.at === step.at && last.type === step.type && last.id === step.id) core.undo();
    else toasts.show({ tone: 'warn', text: 'There are newer edits', detail: 'Undo those first, with the button or with Ctrl+Z.' });
  };
  return { label: 'Undo', run };
}

function tell(core: Core, toasts: ToastList | undefined, conflict: ConflictItem, strategy: Resolution['strategy']): void {
  const action = toasts && undoOf(core, toasts);
  toasts?.show({ tone: 'good', text: kDone[strategy], detail: conflictName(conflict), ...(action ? { action } : {}) });
}

/** Sends the choice; without a connection it waits in the queue, which the indicators show. */
function send(core: Core): void {
  if (core.status().sync.phase !== 'disabled') void core.sync.push().catch(() => {});
}

/** Resolves one conflict and sends the outcome to the server. Throws CoreError when the core refuses. */
export function useResolve(): (conflict: ConflictItem, resolution: Resolution) => void {
  const core = useCore();
  const toasts = useToasts();
  return useCallback((conflict: ConflictItem, resolution: Resolution) => {
    const { error } = core.dispatch({ type: 'conflicts/resolveConflict', payload: { conflictId: conflict.id, ...resolution } });
    if (error) throw new CoreError(error.code, error.message);
    tell(core, toasts, conflict, resolution.strategy);
    send(core);
  }, [core, toasts]);
}

/** Resolves many in one dispatch each, so that each can be undone by itself. @returns how many */
export function useResolveAll(): (conflicts: readonly ConflictItem[], strategy: 'local' | 'remote' | 'merge') => number {
  const core = useCore();
  const toasts = useToasts();
  return useCallback((conflicts, strategy) => {
    let resolved = 0;
    for (const { id } of conflicts) if (!core.dispatch({ type: 'conflicts/resolveConflict', payload: { conflictId: id, strategy } }).error) resolved++;
    toasts?.show({ tone: 'good', text: `${kDone[strategy]}: ${resolved} of ${conflicts.length}` });
    send(core);
    return resolved;
  }, [core, toasts]);
}
