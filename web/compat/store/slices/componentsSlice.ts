// Actions and thunks of the slice `components`, under the names of the original.
import { components } from 'codeforge-core';

export type { Component, ComponentProp, ComponentsState } from 'codeforge-core';
export const {
  setActiveComponent, clearActiveComponent, addComponent, updateComponent, setComponents,
  loadComponents, saveComponent, deleteComponent, addItem, addItems, updateItem, removeItem, setItems,
} = components;
