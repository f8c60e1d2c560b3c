// Records of the application's stores.
import '../store.js';

export { useIndexedDB, useIndexedDBCollection } from 'codeforge-core/react';
