// Thunks with the life cycle that Redux Toolkit made usual: `<type>/pending`, then `<type>/fulfilled`
// or `<type>/rejected`, with meta.requestId and meta.arg, and a promise that can be unwrapped.
import { CoreError, type ErrorCode } from './errors.js';
import { sliceTable, type RootState } from './generated/slices.js';
import type { Core, Dispatch, Thunk } from './types.js';

export interface ThunkMeta<Arg> {
  arg: Arg;
  requestId: string;
  requestStatus: 'pending' | 'fulfilled' | 'rejected';
}

export interface FulfilledAction<Returned, Arg> {
  type: string;
  payload: Returned;
  meta: ThunkMeta<Arg>;
  error?: undefined;
}

export interface RejectedAction<Arg> {
  type: string;
  /** The message, which the slices keep as their `error`. */
  payload: string;
  error: { name: string; message: string; code: ErrorCode };
  meta: ThunkMeta<Arg>;
}

/** Never rejects; `unwrap()` gives the value or rejects with the error. */
export interface ThunkPromise<Returned, Arg> extends Promise<FulfilledAction<Returned, Arg> | RejectedAction<Arg>> {
  readonly requestId: string;
  readonly arg: Arg;
  /** What the thunk answered; rejects with CoreError. */
  unwrap(): Promise<Returned>;
}

export interface ThunkApi<Returned> {
  /** As core.dispatch. */
  dispatch: Dispatch;
  /** As core.getState. */
  getState: () => RootState;
  core: Core;
  requestId: string;
  /**
   * Shows the result in the state before it is durable (optimistic). `crossing` is what the action carries
   * into the core when that is not the payload itself. Throws CoreError when the core refuses it.
   */
  fulfil(payload: Returned, crossing?: { payload: unknown }): void;
}

export interface ThunkCreator<Returned, Arg> {
  (...arg: undefined extends Arg ? [arg?: Arg] : [arg: Arg]): Thunk<ThunkPromise<Returned, Arg>>;
  readonly typePrefix: string;
  readonly pending: { type: string; match(action: { type: string }): boolean };
  readonly fulfilled: { type: string; match(action: { type: string }): boolean };
  readonly rejected: { type: string; match(action: { type: string }): boolean };
}

let requests = 0;

/** Whether a slice reduces the stages of this thunk. */
function isThunkOfSlice(typePrefix: string): boolean {
  const [slice = '', name] = typePrefix.split('/');
  const entry = Object.hasOwn(sliceTable, slice) ? sliceTable[slice as keyof typeof sliceTable] : undefined;
  return entry !== undefined && `${name}/fulfilled` in entry.verbs;
}

/**
 * A thunk of one's own. `run` answers the payload; what it throws becomes the rejection. The three stages are dispatched where `typePrefix`
 * is a thunk of a slice; with any other name the thunk only runs.
 *
 * @example
 * const saveFile = createThunk('files/saveFile', async (file, { core, dispatch, getState, fulfil }) => {
 *   fulfil(file); // shown at once
 *   if (getState().files.activeFileId === null) dispatch(files.setActiveFile(file.id));
 *   await core.flush();
 *   return file;
 * });
 * const saving = core.dispatch(saveFile({ id: 'b', name: 'b.ts', content: '', language: 'ts', path: '/', updatedAt: 1 }));
 * saveFile.fulfilled.match(await saving); // true
 * (await saving.unwrap()).id; // 'b'
 * core.read('files', 'b').name; // 'b.ts'
 */
export function createThunk<Returned, Arg = undefined>(
  typePrefix: string,
  run: (arg: Arg, api: ThunkApi<Returned>) => Promise<Returned>,
): ThunkCreator<Returned, Arg> {
  const isOfSlice = isThunkOfSlice(typePrefix);
  const create = (arg: Arg): Thunk<ThunkPromise<Returned, Arg>> => (dispatch, getState, core) => {
    const requestId = `${Date.now().toString(36)}-${(++requests).toString(36)}`;
    const meta = (requestStatus: ThunkMeta<Arg>['requestStatus']): ThunkMeta<Arg> => ({ arg, requestId, requestStatus });
    let fulfilled: FulfilledAction<Returned, Arg> | undefined;
    const fulfil = (payload: Returned, crossing: { payload: unknown } = { payload }): void => {
      fulfilled = { type: `${typePrefix}/fulfilled`, payload, meta: meta('fulfilled') };
      if (!isOfSlice) return;
      const { error } = dispatch({ ...fulfilled, payload: crossing.payload });
      if (error) throw CoreError.from(error);
    };
    let failure: unknown;
    const promise = (async () => {
      try {
        if (isOfSlice) dispatch({ type: `${typePrefix}/pending`, meta: meta('pending') });
        const payload = await run(arg, { dispatch, getState, core, requestId, fulfil });
        if (fulfilled === undefined) fulfil(payload);
        return { ...fulfilled!, payload };
      } catch (error) {
        failure = error;
        const rejected = rejection(typePrefix, error, meta('rejected'));
        if (isOfSlice) dispatch({ type: rejected.type, payload: rejected.payload, meta: rejected.meta });
        return rejected;
      }
    })();
    const unwrap = async (): Promise<Returned> => {
      const action = await promise;
      if (action.error) throw failure;
      return action.payload as Returned;
    };
    return Object.assign(promise, { requestId, arg, unwrap });
  };
  const stage = (name: string) => {
    const type = `${typePrefix}/${name}`;
    return { type, match: (action: { type: string }) => action.type === type };
  };
  return Object.assign(create, { typePrefix, pending: stage('pending'), fulfilled: stage('fulfilled'), rejected: stage('rejected') }) as ThunkCreator<Returned, Arg>;
}

function rejection<Arg>(typePrefix: string, error: unknown, meta: ThunkMeta<Arg>): RejectedAction<Arg> {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof CoreError ? error.code : 'internal';
  const name = error instanceof Error ? error.name : 'Error';
  return { type: `${typePrefix}/rejected`, payload: message, error: { name, message, code }, meta };
}
