// The sync of the application's store.
import '../store.js';

export { useReduxSync, type ReduxSync } from 'codeforge-core/react';
