// codeforge-core/compat: every name that applications of the original import, bound to one store. The same
// names are at the original's paths: with the alias "@" -> "codeforge-core/compat" imports stay as they are.
export { createAsyncThunk, setUp, store, useAppDispatch, useAppSelector, type AppDispatch, type RootState, type SetUp } from './store.js';
export { db } from './lib/db.js';
export { storage } from './lib/storage.js';
export { workflowSync } from './workflow-sync.js';
export * from './store/middleware.js';
export {
  clearCurrentProject, createProject, deleteProject, loadProject, loadProjects, markSynced, saveProject, setCurrentProject, updateProjectMetadata,
} from './store/slices/projectSlice.js';
export { addFile, clearActiveFile, deleteFile, loadFiles, saveFile, setActiveFile, setFiles, updateFile } from './store/slices/filesSlice.js';
export { addModel, clearActiveModel, deleteModel, loadModels, saveModel, setActiveModel, setModels, updateModel } from './store/slices/modelsSlice.js';
export {
  addComponent, clearActiveComponent, deleteComponent, loadComponents, saveComponent, setActiveComponent, setComponents, updateComponent,
} from './store/slices/componentsSlice.js';
export {
  addTree, clearActiveTree, deleteTree, loadTrees, saveTree, setActiveTree, setTrees, updateTree, updateTreeNode,
} from './store/slices/componentTreesSlice.js';
export {
  addWorkflow, clearActiveWorkflow, deleteWorkflow, loadWorkflows, saveWorkflow, setActiveWorkflow, setWorkflows, updateWorkflow,
} from './store/slices/workflowsSlice.js';
export { addLambda, clearActiveLambda, deleteLambda, loadLambdas, saveLambda, setActiveLambda, setLambdas, updateLambda } from './store/slices/lambdasSlice.js';
export {
  addTheme, deleteTheme, setCurrentTheme, setTheme, setThemes, updateThemeColors, updateThemeSpacing, updateThemeTypography,
} from './store/slices/themeSlice.js';
export { setSettings, setSyncInterval, toggleAutoSave, toggleAutoSync, updateSettings } from './store/slices/settingsSlice.js';
export { checkFlaskConnection, clearFlask, resetSyncStatus, setFlaskConnected, syncFromFlaskBulk, syncToFlaskBulk } from './store/slices/syncSlice.js';
export {
  clearConflicts, detectConflicts, removeConflict, resolveAllConflicts, resolveConflict, setAutoResolveStrategy,
} from './store/slices/conflictsSlice.js';
export {
  useConflictResolution, useDebouncedSave, useDebouncedWorkflowSync, useIndexedDB, useIndexedDBCollection, useKV, useLastSaved, usePeriodicWorkflowSync,
  usePersistence, useReduxComponentTrees, useReduxFiles, useReduxSync, useSaveIndicator, useStorage, useStorageBackend, useSyncOnUnload,
} from 'codeforge-core/react';
