// The workflow sync of the application's store.
import '../workflow-sync.js';

export { usePeriodicWorkflowSync } from 'codeforge-core/react';
