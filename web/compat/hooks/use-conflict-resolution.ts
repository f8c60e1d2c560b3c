// Conflicts of the application's store.
import '../store.js';

export { useConflictResolution, type UseConflictResolution } from 'codeforge-core/react';
