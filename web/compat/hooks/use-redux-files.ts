// Files of the application's store.
import '../store.js';

export { useReduxFiles, type ReduxFiles } from 'codeforge-core/react';
