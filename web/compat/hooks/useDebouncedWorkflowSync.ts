// The workflow sync of the application's store.
import '../workflow-sync.js';

export { useDebouncedWorkflowSync } from 'codeforge-core/react';
