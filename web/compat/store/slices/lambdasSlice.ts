// Actions and thunks of the slice `lambdas`, under the names of the original.
import { lambdas } from 'codeforge-core';

export type { Lambda, LambdasState } from 'codeforge-core';
export const {
  setActiveLambda, clearActiveLambda, addLambda, updateLambda, setLambdas, loadLambdas, saveLambda, deleteLambda, addItem, addItems, updateItem, removeItem, setItems,
} = lambdas;
