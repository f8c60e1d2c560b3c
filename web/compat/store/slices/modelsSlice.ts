// Actions and thunks of the slice `models`, under the names of the original.
import { models } from 'codeforge-core';

export type { Model, ModelField, ModelsState } from 'codeforge-core';
export const {
  setActiveModel, clearActiveModel, addModel, updateModel, setModels, loadModels, saveModel, deleteModel, addItem, addItems, updateItem, removeItem, setItems,
} = models;
