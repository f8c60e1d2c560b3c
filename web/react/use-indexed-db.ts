// useIndexedDB() and useIndexedDBCollection(): records of the stores, always as the state has them.
import { useCallback, useMemo } from 'react';
import { CoreError } from 'codeforge-core';
import { createDb, type DbStoreName, type DbStores } from 'codeforge-core/db';
import { useCore } from './context.js';
import { useCoreReady } from './use-core-ready.js';
import { useCoreSelector } from './use-core-selector.js';

type Update<Value> = Value | ((before: Value) => Value);
type Plain = Record<string, unknown>;

const kSlice: Partial<Record<DbStoreName, string>> = { projects: 'project' };

/** The slice's state; its identity changes with any of its records. */
const useStoreState = (store: DbStoreName): unknown => useCoreSelector((state) => (state as unknown as Plain)[kSlice[store] ?? store]);

/**
 * One record: `[value, update, remove, loading]`. `update` takes a record or a function of the one that is there
 * when it runs; updates of one tick build on one another. The promises settle when it is durable, and reject with CoreError.
 *
 * @example
 * import { useEffect } from 'react';
 * const [file, update, remove, loading] = useIndexedDB('files', 'a', { id: 'a', name: 'a.ts', content: '', language: 'ts', path: '/', updatedAt: 1 });
 * useEffect(() => {
 *   void update((before) => ({ ...before, content: `${before.content}!` })).then(remove);
 * }, []);
 * return <p>{loading ? 'loading' : file.content}</p>;
 */
export function useIndexedDB<Store extends DbStoreName>(store: Store, key: string, defaultValue: DbStores[Store]):
[value: DbStores[Store], update: (next: Update<DbStores[Store]>) => Promise<void>, remove: () => Promise<void>, loading: boolean] {
  const core = useCore();
  const db = useMemo(() => createDb(core), [core]);
  const state = useStoreState(store);
  const { isReady } = useCoreReady();
  const here = useCallback(() => readHere(core, store, key), [core, store, key]);
  // `state` is what makes this look again.
  const value = useMemo(() => (state === undefined ? undefined : here()), [state, here]) ?? defaultValue;
  const update = useCallback(async (next: Update<DbStores[Store]>) => {
    await core.ready;
    // From reading to dispatching nothing waits, so no other update comes between.
    const record = typeof next === 'function' ? (next as (before: DbStores[Store]) => DbStores[Store])(here() ?? defaultValue) : next;
    const { key: _, ...settings } = record as DbStores['settings'];
    const type = store === 'settings' ? 'settings/updateSettings' : `${kSlice[store] ?? store}/addItem`;
    const { error } = core.dispatch({ type, payload: structuredClone(store === 'settings' ? settings : record) });
    if (error) throw CoreError.from(error);
    await core.flush();
  }, [core, store, here, defaultValue]);
  const remove = useCallback(() => db.delete(store, key), [db, store, key]);
  return [value, update, remove, !isReady];

  function readHere(from: typeof core, name: Store, id: string): DbStores[Store] | undefined {
    if (name === 'settings') return { key: id, ...from.getState().settings.settings } as DbStores[Store];
    return from.read((kSlice[name] ?? name) as 'files', id) as DbStores[Store] | undefined;
  }
}

/**
 * All records of a store: `[items, refresh, loading]`. They follow the state by themselves; `refresh` is for old callers.
 *
 * @example
 * const [files, refresh, loading] = useIndexedDBCollection('files');
 * return <button onClick={() => refresh()}>{loading ? 'loading' : `${files.length} files`}</button>;
 */
export function useIndexedDBCollection<Store extends DbStoreName>(store: Store): [items: readonly DbStores[Store][], refresh: () => Promise<void>, loading: boolean] {
  const core = useCore();
  const state = useStoreState(store);
  const { isReady } = useCoreReady();
  const items = useMemo(() => {
    if (store === 'settings') return [{ key: 'app', ...core.getState().settings.settings }] as unknown as readonly DbStores[Store][];
    return (Object.values(state as Plain).find(Array.isArray) ?? []) as readonly DbStores[Store][];
  }, [core, store, state]);
  const refresh = useCallback(() => core.ready, [core]);
  return [items, refresh, !isReady];
}
