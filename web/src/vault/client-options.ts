// What the client is made with: the options, and the vault that createCore() made of them.
import type { CoreOptions } from '../types.js';
import type { Vault } from './vault.js';

export type ClientOptions = CoreOptions & { vault?: Vault };
