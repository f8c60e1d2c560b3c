// Actions and thunks of the slice `components`, under the names of the original.
import { components } from 'codeforge-core';

export type { Component, ComponentProp, ComponentsState } from 'codeforge-core';

/**
 * Actions and thunks of the components, to dispatch. They show at once. The promise of a thunk settles when the
 * device has it: it never rejects, its `unwrap()` does, with CoreError.
 *
 * @example
 * const component = { id: 'c', name: 'Button', type: 'atom', code: '', updatedAt: 1 };
 * store.dispatch(addComponent(component)); // inserts, or replaces the one of that id
 * store.dispatch(updateComponent({ ...component, code: '<button/>' })); // replaces the whole item, where there is one
 * store.dispatch(setActiveComponent('c'));
 * store.getState().components.activeComponentId; // 'c'
 * store.dispatch(clearActiveComponent());
 * await store.dispatch(saveComponent(component)).unwrap(); // durable on the device
 * (await store.dispatch(loadComponents()).unwrap()).some(({ id }) => id === 'c'); // true
 * await store.dispatch(deleteComponent('c')).unwrap();
 * store.dispatch(setComponents([component])); // exactly these
 * store.getState().components.components.length; // 1
 * store.dispatch(addItems([component, { ...component, id: 'z' }]));
 * store.dispatch(updateItem({ id: 'z', name: 'Second' })); // merges members
 * store.dispatch(removeItem('z'));
 * store.dispatch(setItems([]));
 * store.dispatch(addItem(component));
 * store.read('components', 'c').id; // 'c'
 */
export const {
  setActiveComponent, clearActiveComponent, addComponent, updateComponent, setComponents,
  loadComponents, saveComponent, deleteComponent, addItem, addItems, updateItem, removeItem, setItems,
} = components;
