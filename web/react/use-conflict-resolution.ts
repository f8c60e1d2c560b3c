// useConflictResolution(): the conflicts with the server, and what can be done with them.
import { useMemo, useReducer } from 'react';
import { conflicts, CoreError, type ConflictItem, type Payloads } from 'codeforge-core';
import { useCore } from './context.js';
import { useCoreSelector } from './use-core-selector.js';

type Resolution = Payloads['conflicts/resolveConflict'];

export interface ConflictStats {
  totalConflicts: number;
  /** Since this page was loaded. */
  resolvedConflicts: number;
  pendingConflicts: number;
  conflictsByType: Record<string, number>;
}

export interface UseConflictResolution {
  conflicts: readonly ConflictItem[];
  stats: ConflictStats;
  autoResolveStrategy: 'local' | 'remote' | 'merge' | null;
  detectingConflicts: boolean;
  /** Id of the conflict that is being resolved. */
  resolvingConflict: string | null;
  error: string | null;
  hasConflicts: boolean;
  /** Looks at the server; answers what there is. Rejects with CoreError. */
  detect(): Promise<readonly ConflictItem[]>;
  /** `custom` is the version to keep, for the strategy manual. Rejects with CoreError; nothing is changed then. */
  resolve(id: string, strategy: Resolution['strategy'], custom?: Record<string, unknown>): Promise<void>;
  /** Decides every conflict of the list so. Rejects with CoreError when one cannot be; none is decided then. */
  resolveAll(strategy: 'local' | 'remote' | 'merge'): Promise<void>;
  /** Takes all from the list; each is found again by the next look while it is one. */
  clear(): void;
  /** Every conflict that is found from now on is decided so; null: a person decides. */
  setAutoResolve(strategy: 'local' | 'remote' | 'merge' | null): void;
  /** Takes one from the list, undecided. */
  remove(id: string): void;
}

/** Conflicts resolved in this page, by the dispatch of their core. */
const resolved = new WeakMap<object, number>();

/**
 * The conflicts with the server, and what can be done with them. What is resolved is pushed with the next push, and can be undone.
 *
 * @example
 * function Conflicts() {
 *   const { conflicts, hasConflicts, stats, resolve, resolveAll, setAutoResolve, remove, clear, detect } = useConflictResolution();
 *   if (!hasConflicts) return <button onClick={() => detect()}>Look for conflicts ({stats.resolvedConflicts} resolved)</button>;
 *   return (
 *     <>
 *       {conflicts.map(({ id }) => <button key={id} onClick={() => resolve(id, 'local')} onDoubleClick={() => remove(id)}>{id}</button>)}
 *       <button onClick={() => resolveAll('merge')}>Merge all</button>
 *       <button onClick={() => setAutoResolve('merge')}>and those to come</button>
 *       <button onClick={clear}>Later</button>
 *     </>
 *   );
 * }
 */
export function useConflictResolution(): UseConflictResolution {
  const core = useCore();
  const { dispatch } = core;
  const state = useCoreSelector((root) => root.conflicts);
  const [, again] = useReducer((renders: number) => renders + 1, 0);
  const run = useMemo(() => {
    const count = (more: number): void => {
      resolved.set(core, (resolved.get(core) ?? 0) + more);
      again();
    };
    const plainly = (action: { type: string; payload?: unknown }): void => {
      const { error } = dispatch(action);
      if (error) throw CoreError.from(error);
    };
    return {
      detect: () => dispatch(conflicts.detectConflicts()).unwrap() as Promise<readonly ConflictItem[]>,
      resolve: async (id: string, strategy: Resolution['strategy'], custom?: Record<string, unknown>) => {
        await dispatch(conflicts.resolveConflict({ conflictId: id, strategy, ...(custom === undefined ? {} : { customVersion: custom }) })).unwrap();
        count(1);
      },
      resolveAll: async (strategy: 'local' | 'remote' | 'merge') => {
        const before = core.getState().conflicts.conflicts.length;
        await dispatch(conflicts.resolveAllConflicts(strategy)).unwrap();
        count(before - core.getState().conflicts.conflicts.length);
      },
      clear: () => plainly(conflicts.clearConflicts()),
      setAutoResolve: (strategy: 'local' | 'remote' | 'merge' | null) => plainly({ type: 'conflicts/setAutoResolveStrategy', payload: strategy }),
      remove: (id: string) => plainly(conflicts.removeConflict(id)),
    };
  }, [core, dispatch]);
  const { conflicts: list, autoResolveStrategy, detectingConflicts, resolvingConflict, error } = state;
  const done = resolved.get(core) ?? 0;
  const stats = useMemo(() => {
    const conflictsByType: Record<string, number> = {};
    for (const { entityType } of list) conflictsByType[entityType] = (conflictsByType[entityType] ?? 0) + 1;
    return { totalConflicts: list.length + done, resolvedConflicts: done, pendingConflicts: list.length, conflictsByType };
  }, [done, list]);
  return { conflicts: list, stats, autoResolveStrategy, detectingConflicts, resolvingConflict, error, hasConflicts: list.length > 0, ...run };
}
