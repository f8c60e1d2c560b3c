// The same, encrypted. The start includes making the key of the passphrase, 600,000 rounds.
import { openStore } from './codeforge-core.mjs';

export default { open: () => openStore({}, { encryption: { passphrase: 'benchmark' } }) };
