// Checks what a store is to be sealed with. A passphrase is taken as it is: how good it is, is for the application to say.
import { CoreError } from '../errors.js';
import type { Encryption } from './types.js';
import { Vault } from './vault.js';

const kMaxPassphrase = 1024;

/** Throws CoreError `malformed-payload`, which names `where`, or `unavailable` where there is no WebCrypto. */
export function checkEncryption(where: string, encryption: Encryption): void {
  const malformed = (message: string): never => {
    throw new CoreError('malformed-payload', `${where}: ${message}`);
  };
  if (typeof encryption !== 'object' || encryption === null) malformed('encryption must be { passphrase } or { key }');
  const { passphrase, key } = encryption;
  if ((passphrase === undefined) === (key === undefined)) malformed('encryption needs a passphrase or a key, and not both');
  if (globalThis.crypto?.subtle === undefined)
    throw new CoreError('unavailable', `${where}: encryption needs WebCrypto, which pages have on https and on localhost only`);
  if (passphrase !== undefined && (typeof passphrase !== 'string' || passphrase === '' || passphrase.length > kMaxPassphrase))
    malformed(`the passphrase must be a string of 1 to ${kMaxPassphrase} characters`);
  if (key === undefined) return;
  const isFit = key instanceof CryptoKey && key.algorithm.name === 'AES-GCM' && key.usages.includes('encrypt') && key.usages.includes('decrypt');
  if (!isFit) malformed('the key must be a CryptoKey for AES-GCM with the usages "encrypt" and "decrypt"');
}

export function makeVault(name: string, encryption: Encryption, report: (error: CoreError) => void): Vault {
  checkEncryption('createCore', encryption);
  return new Vault(name, encryption, report);
}
