// Public types of encryption at rest.

/**
 * What opens a sealed store: a passphrase, or a key for AES-GCM with the usages `encrypt` and `decrypt`, which need not be
 * extractable. A plain store is sealed when it is opened with one. With `unseal` a sealed store is opened and made plain again.
 *
 * @example
 * const core = await createCore({ name: 'private', encryption: { passphrase: 'correct horse battery staple' } });
 * core.status().storage.seal; // { by: 'passphrase', rejected: [] }
 */
export type Encryption = ({ passphrase: string; key?: never } | { key: CryptoKey; passphrase?: never }) & { unseal?: boolean };

/** How a store is sealed on this device. */
export interface SealStatus {
  by: 'passphrase' | 'key';
  /** Files that were changed by somebody without the key, or damaged. They were not read. */
  rejected: readonly string[];
}
