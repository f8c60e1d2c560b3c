// Small hooks around "saved a moment ago".
import '../store.js';

export { useDebouncedSave, useLastSaved, useSaveIndicator } from 'codeforge-core/react';
