// The same, but durable means on stable storage and not only handed to the system.
import { openStore } from './codeforge-core.mjs';

export default { open: () => openStore({ strict: true }) };
