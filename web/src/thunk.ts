// Thunks with the life cycle that Redux Toolkit made usual: `<type>/pending`, then `<type>/fulfilled`
// or `<type>/rejected`, with meta.requestId and meta.arg, and a promise that can be unwrapped.
import { CoreError, type ErrorCode } from './errors.js';
import type { RootState } from './generated/slices.js';
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
  unwrap(): Promise<Returned>;
}

export interface ThunkApi<Returned> {
  dispatch: Dispatch;
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

/**
 * A thunk of one's own. `run` answers the payload; what it throws becomes the rejection. The three stages are dispatched where the
 * type belongs to a slice's table, so `typePrefix` is one of its thunks' names.
 *
 * @example
 * const saveFile = createThunk('files/saveFile', async (file) => file);
 * const done = await core.dispatch(saveFile({ id: 'b', name: 'b.ts', content: '', language: 'ts', path: '/', updatedAt: 1 }));
 * saveFile.fulfilled.match(done); // true
 * core.read('files', 'b').name; // 'b.ts'
 */
export function createThunk<Returned, Arg = undefined>(
  typePrefix: string,
  run: (arg: Arg, api: ThunkApi<Returned>) => Promise<Returned>,
): ThunkCreator<Returned, Arg> {
  const create = (arg: Arg): Thunk<ThunkPromise<Returned, Arg>> => (dispatch, getState, core) => {
    const requestId = `${Date.now().toString(36)}-${(++requests).toString(36)}`;
    const meta = (requestStatus: ThunkMeta<Arg>['requestStatus']): ThunkMeta<Arg> => ({ arg, requestId, requestStatus });
    let fulfilled: FulfilledAction<Returned, Arg> | undefined;
    const fulfil = (payload: Returned, crossing: { payload: unknown } = { payload }): void => {
      fulfilled = { type: `${typePrefix}/fulfilled`, payload, meta: meta('fulfilled') };
      const { error } = dispatch({ ...fulfilled, payload: crossing.payload });
      if (error) throw CoreError.from(error);
    };
    let failure: unknown;
    const promise = (async () => {
      try {
        dispatch({ type: `${typePrefix}/pending`, meta: meta('pending') });
        const payload = await run(arg, { dispatch, getState, core, requestId, fulfil });
        if (fulfilled === undefined) fulfil(payload);
        return { ...fulfilled!, payload };
      } catch (error) {
        failure = error;
        const rejected = rejection(typePrefix, error, meta('rejected'));
        dispatch({ type: rejected.type, payload: rejected.payload, meta: rejected.meta });
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
