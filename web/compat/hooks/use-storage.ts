// Values under keys of the application's storage.
import '../lib/storage.js';

export { useKV, useStorage, useStorageBackend } from 'codeforge-core/react';
