// Component trees of the application's store.
import '../store.js';

export { useReduxComponentTrees, type ReduxComponentTrees } from 'codeforge-core/react';
