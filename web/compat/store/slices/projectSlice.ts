// Actions and thunks of the slice `project`, under the names of the original.
import { project } from 'codeforge-core';

export type { Project, ProjectState } from 'codeforge-core';

/**
 * Actions and thunks of the projects, to dispatch. They show at once. The promise of a thunk settles when the
 * device has it: it never rejects, its `unwrap()` does, with CoreError.
 *
 * @example
 * const shop = await store.dispatch(createProject({ name: 'Shop', description: 'Our shop' })).unwrap();
 * store.getState().project.currentProject.name; // 'Shop'
 * store.dispatch(updateProjectMetadata({ description: 'Better' })); // of the current one
 * store.dispatch(markSynced()); // lastSyncedAt: now, Unix time in milliseconds
 * store.dispatch(clearCurrentProject());
 * await store.dispatch(saveProject({ ...shop, name: 'Store' })).unwrap(); // durable on the device
 * await store.dispatch(loadProject(shop.id)).unwrap(); // makes it the current one; undefined where there is none
 * store.dispatch(setCurrentProject({ ...shop, name: 'Other' }));
 * (await store.dispatch(loadProjects()).unwrap()).length; // 1
 * await store.dispatch(deleteProject(shop.id)).unwrap();
 * store.getState().project.projects.length; // 0
 * store.sync.configure({ flaskApiUrl: 'http://localhost:5001' });
 * await store.dispatch(syncFromFlask(shop.id)).unwrap(); // the item as the server has it, after a pull
 * store.dispatch(addItems([shop, { ...shop, id: 'z' }]));
 * store.dispatch(updateItem({ id: 'z', name: 'Second' })); // merges members
 * store.dispatch(removeItem('z'));
 * store.dispatch(setItems([]));
 * store.dispatch(addItem(shop));
 */
export const {
  setCurrentProject, clearCurrentProject, updateProjectMetadata, markSynced,
  loadProjects, loadProject, saveProject, createProject, deleteProject, syncFromFlask, addItem, addItems, updateItem, removeItem, setItems,
} = project;
