// The application's one store, `import { store, useAppDispatch, useAppSelector } from '@/store'`. It opens by
// itself at its first use; setUp() before that says how.
import { createThunk, type Core, type Dispatch, type RootState, type ThunkCreator } from 'codeforge-core';
import { DefaultStore, type SetUp } from 'codeforge-core/default-store';
import { setDefaultCore, useCoreDispatch, useCoreSelector } from 'codeforge-core/react';

export type { RootState };
export type { SetUp } from 'codeforge-core/default-store';
export type AppDispatch = Dispatch;

/** For the other modules of this entry. */
export const defaultStore = new DefaultStore();

/** A Redux store and a core at once: it works in react-redux's Provider, in CoreProvider, and below neither. */
export const store: Core = defaultStore.core;

/**
 * Says how the store opens: name, storage, flaskApiUrl, autoSync and everything else that createCore takes. Throws
 * CoreError when the store is in use and what is given cannot change any more.
 *
 * @example
 * setUp({ flaskApiUrl: 'http://localhost:5001', autoSync: { intervalMs: 60_000 } });
 * await store.ready;
 * store.status().sync.autoSync.intervalMs; // 60000
 */
export const setUp = (options: SetUp): void => defaultStore.setUp(options);

/**
 * `store.dispatch`, the same function in every render.
 *
 * @example
 * const dispatch = useAppDispatch();
 * return <button onClick={() => dispatch(setActiveFile('a'))}>Open</button>;
 */
export const useAppDispatch: () => AppDispatch = useCoreDispatch;
/**
 * What a selector answers of the state; renders again only when that changes.
 *
 * @example
 * const names = useAppSelector((state) => state.files.files);
 * return <p>{names.length} files</p>;
 */
export const useAppSelector: typeof useCoreSelector = useCoreSelector;

setDefaultCore(store);

type ThunkRun<Returned, Arg> = (arg: Arg, api: { dispatch: AppDispatch; getState: () => RootState; requestId: string }) => Promise<Returned> | Returned;

/**
 * A thunk of the application's own, as Redux Toolkit makes it: `<type>/pending`, then `<type>/fulfilled` or
 * `<type>/rejected` for types that a slice knows; its promise can be unwrapped.
 *
 * @example
 * const countFiles = createAsyncThunk('files/count', async (path: string, { getState }) => getState().files.files.filter((file) => file.path === path).length);
 * await store.dispatch(countFiles('/src')).unwrap(); // 1
 */
export function createAsyncThunk<Returned, Arg = undefined>(type: string, run: ThunkRun<Returned, Arg>): ThunkCreator<Returned, Arg> {
  return createThunk<Returned, Arg>(type, async (arg, { dispatch, getState, requestId }) => run(arg, { dispatch, getState, requestId }));
}
