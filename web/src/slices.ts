// Per slice everything that can be dispatched: plain action creators, and thunks where the slice has
// them. Where both have a name the thunk wins; the plain action still works by its type.
import { sliceActions } from './actions.js';
import { thunks } from './thunks.js';

export const project = { ...sliceActions('project'), ...thunks.project };
export const files = { ...sliceActions('files'), ...thunks.files };
export const models = { ...sliceActions('models'), ...thunks.models };
export const components = { ...sliceActions('components'), ...thunks.components };
export const componentTrees = { ...sliceActions('componentTrees'), ...thunks.componentTrees };
export const workflows = { ...sliceActions('workflows'), ...thunks.workflows };
export const lambdas = { ...sliceActions('lambdas'), ...thunks.lambdas };
export const theme = sliceActions('theme');
export const settings = sliceActions('settings');
export const sync = { ...sliceActions('sync'), ...thunks.sync };
export const conflicts = { ...sliceActions('conflicts'), ...thunks.conflicts };
