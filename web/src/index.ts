// codeforge-core: the client core of an in-browser low-code editor.
export { createCore } from './create-core.js';
export { defineSlice, type CustomActions, type CustomItem, type CustomState, type ItemOf, type JsonSchema, type SliceDefinition, type SliceDefinitions, type WithSlices } from './custom-slices.js';
export type { IndexKey, IndexRange } from './slice-index.js';
export { CoreError, type ErrorCode } from './errors.js';
export { project, files, models, components, componentTrees, workflows, lambdas, theme, settings, sync, conflicts } from './slices.js';
export { thunks } from './thunks.js';
export { createThunk, type ThunkApi, type ThunkCreator, type ThunkPromise, type FulfilledAction, type RejectedAction } from './thunk.js';
export * from './selectors.js';
export type { ActionCreator, SliceActions } from './actions.js';
export type { CoreModule } from './core-module.js';
export type { AnyAction } from './frame.js';
export { inspect, type CommitListener, type CoreInspection, type ItemChange } from './inspection.js';
export type * from './generated/slices.js';
export { sliceTable } from './generated/slices.js';
export type {
  AutoSync, Core, CoreAction, CoreOptions, CoreStatus, DeadLetter, Dispatch, Flag, HistoryAction, ImportReport, ProjectExport, PullResult, PushResult,
  RefusedAction, RuntimeStatus, SliceSync, SchemaOptions, SchemaStatus, StorageStatus, SyncControl, SyncMetrics, SyncOptions, SyncStatus, Thunk, StorageErrorCode,
} from './types.js';
export { saveIndicator, type SaveIndicatorState } from './durability/save-indicator.js';
export { storageProblem, type StorageProblem } from './durability/storage-problems.js';
export type {
  DurabilityLevel, DurabilityStatus, StandbyStatus, StorageControl, StorageEstimate, StorageIncident,
} from './durability/types.js';
export type { TabsStatus } from './tabs/types.js';
export type { Encryption, SealStatus } from './vault/types.js';
export type { HistoryMove, HistoryStep, HistoryView, WithdrawnChange } from './history.js';
export type { RejectedEdit } from './rejected.js';
export type {
  BackupControl, BackupEntry, BackupMembers, BackupOptions, BackupStatus, ImportAllReport, ImportOptions, ImportSource,
} from './backup/types.js';
export type { SliceName } from './action-table.js';
