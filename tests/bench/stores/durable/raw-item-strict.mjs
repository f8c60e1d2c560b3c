// The same, flushed to the disk before a transaction is complete.
import { openRaw } from './raw-item.mjs';

export default { open: () => openRaw('strict') };
