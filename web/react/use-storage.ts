// useKV(), useStorage() and useStorageBackend(): values under keys, always as the state has them.
import { useCallback, useEffect, useReducer, useRef, useSyncExternalStore } from 'react';
import { storageOf, type CoreStorage, type StorageBackend } from 'codeforge-core/storage';
import { useCore } from './context.js';

type Update<Value> = Value | ((before: Value) => Value);

interface StoredValue<Value> {
  value: Value;
  /** Applies to what is there when it runs, never to what was rendered. */
  set(next: Update<Value>): Promise<void>;
  remove(): Promise<void>;
}

const apply = <Value>(next: Update<Value>, before: Value): Value => (typeof next === 'function' ? (next as (before: Value) => Value)(before) : next);

function useStored<Value>(key: string, defaultValue: Value): StoredValue<Value> {
  const core = useCore();
  const storage = storageOf(core);
  const [, again] = useReducer((count: number) => count + 1, 0);
  const fallback = useRef(defaultValue);
  fallback.current = defaultValue;
  const peek = useCallback(() => storage.peek(key), [storage, key]);
  const stored = useSyncExternalStore(core.subscribe, peek, peek) as Value | undefined;
  // What is set before the core has recovered is shown on the default, and applied to what is stored once that is known.
  const early = useRef<Update<Value>[]>([]);
  const isReady = core.status().phase !== 'opening';
  useEffect(() => {
    let isMounted = true;
    // The server may have a newer value; it comes through the state.
    void storage.get(key).catch(() => {}).then(() => isMounted && again());
    return () => void (isMounted = false);
  }, [storage, key]);
  const set = useCallback(async (next: Update<Value>) => {
    if (core.status().phase === 'opening') {
      early.current.push(next);
      again();
      await core.ready;
      early.current = early.current.filter((waiting) => waiting !== next);
    }
    // From reading to putting nothing waits, so no other update comes between.
    storage.put(key, apply(next, (storage.peek(key) as Value | undefined) ?? fallback.current));
    await storage.settle(key);
  }, [core, storage, key]);
  const remove = useCallback(() => storage.delete(key), [storage, key]);
  const known = isReady && stored !== undefined ? stored : defaultValue;
  return { value: early.current.reduce<Value>((value, next) => apply(next, value), known), set, remove };
}

/**
 * `[value, set, remove]`. `set` takes a value or a function of the value that is there when it runs. Failures go to the console.
 * The core needs the slice `storageSlices`.
 *
 * @example
 * import { useEffect } from 'react';
 * const core = await createCore({ name: 'kv-example', storage: 'memory', slices: { ...storageSlices } });
 * function Counter() {
 *   const [count, setCount, removeCount] = useKV('count', 0);
 *   useEffect(() => {
 *     setCount((before) => before + 1);
 *     return removeCount;
 *   }, []);
 *   return <button onClick={() => setCount(0)}>{count}</button>;
 * }
 * const App = () => <CoreProvider core={core}><Counter /></CoreProvider>;
 */
export function useKV<Value>(key: string, defaultValue: Value): [value: Value, set: (next: Update<Value>) => void, remove: () => void] {
  const { value, set, remove } = useStored(key, defaultValue);
  const setNow = useCallback((next: Update<Value>) => void set(next).catch(report), [set]);
  const removeNow = useCallback(() => void remove().catch(report), [remove]);
  return [value, setNow, removeNow];
}

/**
 * As useKV, with promises: they resolve as those of the storage do, and reject with CoreError.
 *
 * @example
 * const core = await createCore({ name: 'use-storage-example', storage: 'memory', slices: { ...storageSlices } });
 * function Name() {
 *   const [name, setName, removeName] = useStorage('name', '');
 *   const rename = async () => {
 *     await setName((before) => before.trim());
 *     await removeName();
 *   };
 *   return <button onClick={rename}>{name}</button>;
 * }
 * const App = () => <CoreProvider core={core}><Name /></CoreProvider>;
 */
export function useStorage<Value>(key: string, defaultValue: Value): [value: Value, set: (next: Update<Value>) => Promise<void>, remove: () => Promise<void>] {
  const { value, set, remove } = useStored(key, defaultValue);
  return [value, set, remove];
}

function report(error: unknown): void {
  console.error(error);
}

export interface UseStorageBackend {
  /** null until it is known. */
  backend: StorageBackend | null;
  isLoading: boolean;
  /** Values live on the server from now on. Answers how many were carried over; rejects with CoreError, and nothing is switched then. */
  switchToFlask(url?: string): Promise<number>;
  /** Values live on the device from now on; those of the server are copied first. */
  switchToIndexedDB(): Promise<number>;
  /** Every value by its key. */
  exportData(): Promise<Record<string, unknown>>;
  /** Adds and replaces; deletes nothing. Answers how many. */
  importData(values: Readonly<Record<string, unknown>>): Promise<number>;
}

/**
 * Where values live, and how to change it.
 *
 * @example
 * const core = await createCore({ name: 'backend-example', storage: 'memory', slices: { ...storageSlices } });
 * function Backend() {
 *   const { backend, isLoading, switchToFlask, switchToIndexedDB, exportData, importData } = useStorageBackend();
 *   const copy = async () => importData(await exportData());
 *   if (isLoading) return <p>…</p>;
 *   return backend === 'flask'
 *     ? <button onClick={() => switchToIndexedDB()} onDoubleClick={copy}>Back to this device</button>
 *     : <button onClick={() => switchToFlask('http://localhost:5001')}>To the server</button>;
 * }
 * const App = () => <CoreProvider core={core}><Backend /></CoreProvider>;
 */
export function useStorageBackend(): UseStorageBackend {
  const core = useCore();
  const storage: CoreStorage = storageOf(core);
  const [, again] = useReducer((count: number) => count + 1, 0);
  const running = useRef(1);
  const backend = useSyncExternalStore(core.onStatus, () => storage.getBackendType(), () => storage.getBackendType());
  const track = useCallback(async <Result>(run: () => Promise<Result>): Promise<Result> => {
    running.current++;
    again();
    try {
      return await run();
    } finally {
      running.current--;
      again();
    }
  }, []);
  useEffect(() => {
    void storage.keys().catch(() => {}).finally(() => {
      running.current = Math.max(0, running.current - 1);
      again();
    });
  }, [storage]);
  return {
    backend: running.current > 0 ? null : backend, isLoading: running.current > 0,
    switchToFlask: (url) => track(() => storage.switchTo('flask', url)),
    switchToIndexedDB: () => track(() => storage.switchTo('indexeddb')),
    exportData: () => storage.exportData(),
    importData: (values) => storage.importData(values),
  };
}
