// codeforge-core/react: the core in React. react-redux works on the core as well, which is a Redux store.
export { CoreProvider, useCore, type CoreProviderProps } from './context.js';
export { useCoreDispatch, useCoreSelector, useCoreStatus, useItem, useQuery } from './use-core-selector.js';
export { useCoreReady, type CoreReady } from './use-core-ready.js';
export { useReduxFiles, type ReduxFiles } from './use-redux-files.js';
export { useReduxComponentTrees, type ReduxComponentTrees } from './use-redux-component-trees.js';
export { useUndo, type Undo } from './use-undo.js';
export { useReduxSync, type ReduxSync } from './use-redux-sync.js';
export { setDefaultCore } from './context.js';
export { usePersistence, type UsePersistence } from './use-persistence.js';
export { useConflictResolution, type ConflictStats, type UseConflictResolution } from './use-conflict-resolution.js';
export { useIndexedDB, useIndexedDBCollection } from './use-indexed-db.js';
export { useDebouncedSave, useLastSaved, useSaveIndicator, type SavedAgo } from './use-save-indicator.js';
export { useDebouncedWorkflowSync, usePeriodicWorkflowSync, useSyncOnUnload } from './use-workflow-sync.js';
export { useKV, useStorage, useStorageBackend, type UseStorageBackend } from './use-storage.js';
