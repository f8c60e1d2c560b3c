// The header of a sealed store: a small plain file, `seal`, beside the sealed ones. It says how the key is made from
// a passphrase, and holds the store's random data key, sealed by that key; so a new passphrase costs one small write.
// web/VAULT.md has it member by member.
import { CoreError } from '../errors.js';
import type { Encryption } from './types.js';

export const kSealFile = 'seal';

/** What OWASP asks of PBKDF2-HMAC-SHA-256. */
const kIterations = 600_000;
/** A header that asks for more was made to keep the page busy; for less, to make guessing cheap. */
const kIterationLimits = [100_000, 10_000_000] as const;

export interface SealHeader {
  format: 1;
  /** Id of the seal: every data key has another. */
  store: string;
  /** null: the data key is sealed by a key of the application's own. */
  kdf: { iterations: number; salt: string } | null;
  iv: string;
  /** The data key, sealed; its tag tells whether a key is the right one. */
  key: string;
}

export type Bytes = Uint8Array<ArrayBuffer>;

export const utf8 = (text: string): Bytes => new TextEncoder().encode(text);
export const randomBytes = (count: number): Bytes => crypto.getRandomValues(new Uint8Array(count));
export const toHex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

export const fromBase64 = (text: string): Bytes => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

const sum = async (text: string): Promise<string> => toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text)))).slice(0, 16);

/** The file of a header, with a checksum that tells damage from a wrong key. */
export async function headerBytes(header: SealHeader): Promise<Bytes> {
  const text = JSON.stringify(header);
  return utf8(`${text}\n${await sum(text)}\n`);
}

/** undefined when the bytes are no header of this format. */
export async function parseHeader(bytes: Uint8Array | undefined): Promise<SealHeader | undefined> {
  if (bytes === undefined || bytes.length > 4096) return undefined;
  const [text = '', check] = new TextDecoder().decode(bytes).split('\n');
  if ((await sum(text)) !== check) return undefined;
  const header = JSON.parse(text) as SealHeader;
  if (header.format !== 1)
    throw new CoreError('damaged', `the store is sealed in format ${String(header.format)}; this program knows format 1`);
  const [least, most] = kIterationLimits;
  if (header.kdf !== null && !(header.kdf.iterations >= least && header.kdf.iterations <= most))
    throw new CoreError('damaged', `the seal asks for ${header.kdf.iterations} iterations; between ${least} and ${most} are allowed`);
  return header;
}

/** Binds the sealed data key to what is said beside it. */
const context = ({ store, kdf }: SealHeader): Bytes => utf8(`codeforge-core/1/data-key\0${store}\0${JSON.stringify(kdf)}`);

async function wrappingKey({ passphrase, key }: Encryption, kdf: SealHeader['kdf']): Promise<CryptoKey | undefined> {
  if ((passphrase === undefined) !== (kdf === null)) return undefined;
  if (kdf === null) return key;
  // The same passphrase may be typed as composed or decomposed letters.
  const material = await crypto.subtle.importKey('raw', utf8(passphrase!.normalize('NFKC')), 'PBKDF2', false, ['deriveKey']);
  const derivation = { name: 'PBKDF2', hash: 'SHA-256', salt: fromBase64(kdf.salt), iterations: kdf.iterations };
  return crypto.subtle.deriveKey(derivation, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

export interface OpenedHeader {
  header: SealHeader;
  /** Not extractable; the raw key is forgotten. */
  dataKey: CryptoKey;
  /** The same data key, to be opened by another passphrase or key. */
  rewrapped(encryption: Encryption): Promise<OpenedHeader>;
}

async function wrap(encryption: Encryption, store: string, raw: Bytes): Promise<{ header: SealHeader; wrapping: CryptoKey }> {
  const kdf = encryption.passphrase === undefined ? null : { iterations: kIterations, salt: toBase64(randomBytes(16)) };
  const wrapping = (await wrappingKey(encryption, kdf))!;
  const iv = randomBytes(12);
  const header: SealHeader = { format: 1, store, kdf, iv: toBase64(iv), key: '' };
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: context(header) }, wrapping, raw);
  return { header: { ...header, key: toBase64(new Uint8Array(sealed)) }, wrapping };
}

async function unwrap(header: SealHeader, wrapping: CryptoKey | undefined): Promise<Bytes> {
  try {
    if (wrapping === undefined) throw new CoreError('wrong-key', header.kdf === null ? 'it was sealed by a key' : 'it was sealed by a passphrase');
    const parameters = { name: 'AES-GCM', iv: fromBase64(header.iv), additionalData: context(header) };
    return new Uint8Array(await crypto.subtle.decrypt(parameters, wrapping, fromBase64(header.key)));
  } catch (cause) {
    const more = cause instanceof CoreError ? ` (${cause.message})` : '';
    throw new CoreError('wrong-key', `the ${header.kdf === null ? 'key' : 'passphrase'} does not open this store; nothing was changed${more}`, { cause });
  }
}

async function opened(header: SealHeader, wrapping: CryptoKey, raw: Bytes): Promise<OpenedHeader> {
  const dataKey = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
  raw.fill(0);
  return {
    header, dataKey,
    rewrapped: async (encryption) => {
      const again = await unwrap(header, wrapping);
      const next = await wrap(encryption, header.store, again);
      return opened(next.header, next.wrapping, again);
    },
  };
}

/** Rejects with CoreError `wrong-key`. */
export async function openHeader(header: SealHeader, encryption: Encryption): Promise<OpenedHeader> {
  const wrapping = await wrappingKey(encryption, header.kdf);
  const raw = await unwrap(header, wrapping);
  return opened(header, wrapping!, raw);
}

/** A header with a data key of its own. */
export async function makeHeader(encryption: Encryption): Promise<OpenedHeader> {
  const raw = randomBytes(32);
  const { header, wrapping } = await wrap(encryption, toHex(randomBytes(16)), raw);
  return opened(header, wrapping, raw);
}
