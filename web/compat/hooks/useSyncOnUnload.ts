// The workflow sync of the application's store.
import '../workflow-sync.js';

export { useSyncOnUnload } from 'codeforge-core/react';
