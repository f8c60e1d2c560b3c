// The dashboard of the application's store.
import '../store.js';

export { PersistenceDashboard, type PersistenceDashboardProps } from 'codeforge-core/components';
