// Seals and opens files with AES-256-GCM. WebCrypto answers in a later turn, which a page that goes away does not have. So
// each page makes a random key of its own, seals it by WebCrypto under the store's data key in front of every file, and
// seals small files with it in the turn of the call; large ones and everything that is opened go through WebCrypto.
import { CoreError } from '../errors.js';
import { gcm } from '../vendor/ciphers/aes-gcm.js';
import { randomBytes, toHex, utf8, type Bytes } from './header.js';

/** First bytes of a sealed file, the last one its format. */
const kMagic = Uint8Array.from([0x43, 0x46, 0x53, 0x45, 0x41, 0x4c, 0x00, 0x01]);
/** Magic, iv and sealed page key (32 bytes and a tag of 16); then the file's own iv. */
const kPrefixBytes = kMagic.length + 12 + 48;
const kHeadBytes = kPrefixBytes + 12;
const kTagBytes = 16;
/**
 * Random ivs of 96 bits: a key may seal 2^32 files (NIST SP 800-38D). A page takes another long before, and what it
 * seals under the data key are only those keys.
 */
const kSealsPerKey = 2 ** 24;
const kSealsLimit = 2 ** 31;
/** Keys of other pages that are kept at hand; a log of 128 segments can have as many. */
const kKnownKeys = 512;

/** Whether the bytes look like a sealed file. */
export const isSealed = (bytes: Uint8Array): boolean => bytes.length >= kHeadBytes + kTagBytes && kMagic.every((byte, at) => bytes[at] === byte);

interface PageKey {
  /** For the cipher that answers at once. Opens what this page sealed, and nothing else. */
  raw: Bytes;
  key: CryptoKey;
  prefix: Bytes;
  seals: number;
}

export class Sealer {
  /** Which seal it is. */
  readonly store: string;
  readonly #dataKey: CryptoKey;
  readonly #known = new Map<string, Promise<CryptoKey>>();
  readonly #sealsPerKey: number;
  #page: PageKey;

  private constructor(store: string, dataKey: CryptoKey, page: PageKey, sealsPerKey: number) {
    this.store = store;
    this.#dataKey = dataKey;
    this.#page = page;
    this.#sealsPerKey = sealsPerKey;
  }

  static async make(store: string, dataKey: CryptoKey, sealsPerKey = kSealsPerKey): Promise<Sealer> {
    return new Sealer(store, dataKey, await pageKey(store, dataKey), sealsPerKey);
  }

  /** In this turn: about 0.05 ms for 1 kB and 25 ms for each MB. Throws CoreError `limit`. */
  seal(name: string, bytes: Uint8Array): Bytes {
    const { out, iv, page } = this.#start(bytes);
    out.set(gcm(page.raw, iv, this.#context(name)).encrypt(bytes), kHeadBytes);
    return out;
  }

  /** By WebCrypto. Rejects with CoreError `limit`. */
  async sealLater(name: string, bytes: Uint8Array): Promise<Bytes> {
    const { out, iv, page } = this.#start(bytes);
    const parameters = { name: 'AES-GCM', iv, additionalData: this.#context(name) };
    out.set(new Uint8Array(await crypto.subtle.encrypt(parameters, page.key, bytes as Bytes)), kHeadBytes);
    return out;
  }

  /** undefined: not sealed under this name in this store, or changed since. */
  async open(name: string, bytes: Uint8Array): Promise<Uint8Array | undefined> {
    if (!isSealed(bytes)) return undefined;
    const iv = bytes.slice(kPrefixBytes, kHeadBytes);
    try {
      const key = await this.#pageKeyOf(bytes);
      const parameters = { name: 'AES-GCM', iv, additionalData: this.#context(name) };
      return new Uint8Array(await crypto.subtle.decrypt(parameters, key, bytes.subarray(kHeadBytes) as Bytes));
    } catch {
      return undefined;
    }
  }

  /** Nothing can be swapped: neither between names nor between stores. */
  #context(name: string): Bytes {
    return utf8(`codeforge-core/1\0${this.store}\0${name}`);
  }

  #start(bytes: Uint8Array): { out: Bytes; iv: Bytes; page: PageKey } {
    const page = this.#page;
    page.seals++;
    if (page.seals === this.#sealsPerKey) void pageKey(this.store, this.#dataKey).then((next) => { this.#page = next; });
    if (page.seals > kSealsLimit) throw new CoreError('limit', `one key sealed ${kSealsLimit} files and must not seal another; reload the page`);
    const iv = randomBytes(12);
    const out = new Uint8Array(kHeadBytes + bytes.length + kTagBytes);
    out.set(page.prefix);
    out.set(iv, kPrefixBytes);
    return { out, iv, page };
  }

  #pageKeyOf(bytes: Uint8Array): Promise<CryptoKey> {
    const prefix = bytes.slice(0, kPrefixBytes);
    const id = toHex(prefix.subarray(kMagic.length));
    let key = this.#known.get(id);
    if (key === undefined) {
      if (this.#known.size >= kKnownKeys) this.#known.clear();
      key = openPageKey(this.store, this.#dataKey, prefix);
      this.#known.set(id, key);
    }
    return key;
  }
}

const pageContext = (store: string): Bytes => utf8(`codeforge-core/1/page-key\0${store}`);

async function pageKey(store: string, dataKey: CryptoKey): Promise<PageKey> {
  const raw = randomBytes(32);
  const iv = randomBytes(12);
  const [key, sealed] = await Promise.all([
    crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt']),
    crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: pageContext(store) }, dataKey, raw),
  ]);
  const prefix = new Uint8Array(kPrefixBytes);
  prefix.set(kMagic);
  prefix.set(iv, kMagic.length);
  prefix.set(new Uint8Array(sealed), kMagic.length + 12);
  return { raw, key, prefix, seals: 0 };
}

async function openPageKey(store: string, dataKey: CryptoKey, prefix: Bytes): Promise<CryptoKey> {
  const ivEnd = kMagic.length + 12;
  const parameters = { name: 'AES-GCM', iv: prefix.slice(kMagic.length, ivEnd), additionalData: pageContext(store) };
  const raw = new Uint8Array(await crypto.subtle.decrypt(parameters, dataKey, prefix.slice(ivEnd)));
  const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['decrypt']);
  raw.fill(0);
  return key;
}
