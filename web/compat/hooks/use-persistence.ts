// Persistence of the application's store.
import '../store.js';

export { usePersistence, type UsePersistence } from 'codeforge-core/react';
