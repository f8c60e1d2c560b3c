// The demonstration page, on the application's store.
import '../store.js';

export { ReduxIntegrationDemo } from 'codeforge-core/components';
