// Actions and thunks of the slice `project`, under the names of the original.
import { project } from 'codeforge-core';

export type { Project, ProjectState } from 'codeforge-core';
export const {
  setCurrentProject, clearCurrentProject, updateProjectMetadata, markSynced,
  loadProjects, loadProject, saveProject, createProject, deleteProject, syncFromFlask, addItem, addItems, updateItem, removeItem, setItems,
} = project;
