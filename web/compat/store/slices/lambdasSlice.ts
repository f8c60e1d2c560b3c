// Actions and thunks of the slice `lambdas`, under the names of the original.
import { lambdas } from 'codeforge-core';

export type { Lambda, LambdasState } from 'codeforge-core';

/**
 * Actions and thunks of the lambdas, to dispatch. They show at once. The promise of a thunk settles when the
 * device has it: it never rejects, its `unwrap()` does, with CoreError.
 *
 * @example
 * const lambda = { id: 'l', name: 'Hello', code: '', runtime: 'nodejs', handler: 'index.handler', updatedAt: 1 };
 * store.dispatch(addLambda(lambda)); // inserts, or replaces the one of that id
 * store.dispatch(updateLambda({ ...lambda, code: 'return 1' })); // replaces the whole item, where there is one
 * store.dispatch(setActiveLambda('l'));
 * store.getState().lambdas.activeLambdaId; // 'l'
 * store.dispatch(clearActiveLambda());
 * await store.dispatch(saveLambda(lambda)).unwrap(); // durable on the device
 * (await store.dispatch(loadLambdas()).unwrap()).some(({ id }) => id === 'l'); // true
 * await store.dispatch(deleteLambda('l')).unwrap();
 * store.dispatch(setLambdas([lambda])); // exactly these
 * store.getState().lambdas.lambdas.length; // 1
 * store.dispatch(addItems([lambda, { ...lambda, id: 'z' }]));
 * store.dispatch(updateItem({ id: 'z', name: 'Second' })); // merges members
 * store.dispatch(removeItem('z'));
 * store.dispatch(setItems([]));
 * store.dispatch(addItem(lambda));
 * store.read('lambdas', 'l').id; // 'l'
 */
export const {
  setActiveLambda, clearActiveLambda, addLambda, updateLambda, setLambdas, loadLambdas, saveLambda, deleteLambda, addItem, addItems, updateItem, removeItem, setItems,
} = lambdas;
