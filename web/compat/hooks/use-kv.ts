// Values under keys of the application's storage.
import '../lib/storage.js';

export { useKV } from 'codeforge-core/react';
