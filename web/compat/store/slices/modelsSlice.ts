// Actions and thunks of the slice `models`, under the names of the original.
import { models } from 'codeforge-core';

export type { Model, ModelField, ModelsState } from 'codeforge-core';

/**
 * Actions and thunks of the models, to dispatch. They show at once. The promise of a thunk settles when the
 * device has it: it never rejects, its `unwrap()` does, with CoreError.
 *
 * @example
 * const model = { id: 'm', name: 'User', fields: [], updatedAt: 1 };
 * store.dispatch(addModel(model)); // inserts, or replaces the one of that id
 * store.dispatch(updateModel({ ...model, name: 'Person' })); // replaces the whole item, where there is one
 * store.dispatch(setActiveModel('m'));
 * store.getState().models.activeModelId; // 'm'
 * store.dispatch(clearActiveModel());
 * await store.dispatch(saveModel(model)).unwrap(); // durable on the device
 * (await store.dispatch(loadModels()).unwrap()).some(({ id }) => id === 'm'); // true
 * await store.dispatch(deleteModel('m')).unwrap();
 * store.dispatch(setModels([model])); // exactly these
 * store.getState().models.models.length; // 1
 * store.dispatch(addItems([model, { ...model, id: 'z' }]));
 * store.dispatch(updateItem({ id: 'z', name: 'Second' })); // merges members
 * store.dispatch(removeItem('z'));
 * store.dispatch(setItems([]));
 * store.dispatch(addItem(model));
 * store.read('models', 'm').id; // 'm'
 */
export const {
  setActiveModel, clearActiveModel, addModel, updateModel, setModels, loadModels, saveModel, deleteModel, addItem, addItems, updateItem, removeItem, setItems,
} = models;
