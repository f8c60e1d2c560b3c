// codeforge-core/components: what a user sees of persistence, sync and conflicts. Import `codeforge-core/components.css` once.
export { PersistenceDashboard, type PersistenceDashboardProps } from './persistence-dashboard.js';
export { MetricsChart, type MetricsChartProps } from './metrics-chart.js';
export { StorageManagement, type StorageManagementProps } from './storage-management.js';
export { ReduxIntegrationDemo, type ReduxIntegrationDemoProps } from './redux-integration-demo.js';
export { ConflictList, type ConflictListProps } from './conflict-list.js';
export { ConflictDetail, type ConflictDetailProps } from './conflict-detail.js';
export { ConflictIndicator, SaveIndicator, useSaveState, type ConflictIndicatorProps, type SaveIndicatorProps } from './indicators.js';
export { conflictName, saveState, type SaveState } from './save-state.js';
export { ToastProvider, Toasts, useToasts, type ToastProviderProps } from './toasts.js';
export { createToasts, type Toast, type ToastAction, type ToastList, type ToastOptions } from './toast-list.js';
export { PassphraseForm, type PassphraseFormProps } from './passphrase-form.js';
export { UndoButtons, type UndoButtonsProps } from './undo-buttons.js';
export { useConfirm, type Question } from './confirm.js';
export { storageAdvice, syncAdvice, type Advice, type WayOn } from './advice.js';
export { downloadExport, importFile, maxImportBytes } from './download.js';
