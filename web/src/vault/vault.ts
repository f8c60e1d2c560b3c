// Encryption at rest: everything of a store that is kept on the device is sealed on its way out and opened on its way in,
// through the core's hooks on files. Loaded only by those who ask for it. web/VAULT.md has the whole of it.
import type { CoreFile, CoreFiles } from '../core-files.js';
import { Primary } from '../durability/primary.js';
import { openStandbyPlace } from '../durability/standby-place.js';
import { CoreError } from '../errors.js';
import { tailPrefix, type TailSeal } from '../tail-home.js';
import { headerBytes, kSealFile, makeHeader, openHeader, parseHeader, fromBase64, toBase64, utf8, type Bytes, type OpenedHeader, type SealHeader } from './header.js';
import { eachLocal, forgetLocalHeader, keepLocalHeader, localHeader, openedText } from './local.js';
import { resealBackups, unsealAside } from './reseal.js';
import { isSealed, Sealer } from './sealer.js';
import type { Encryption, SealStatus } from './types.js';

/** Up to so many bytes a write is sealed in the turn in which it is made: below a millisecond. */
const kAtOnceBytes = 32 << 10;
/** Given to the core instead of a file that was not sealed by us: it counts as damage, which the standby copy may mend. */
const kUnread = new Uint8Array(16).fill(0xff);
/** So long after the start backups that an interrupted sealing left behind are looked for, in milliseconds. */
const kTidyMs = 5_000;
/** More rejected files are listed, and not reported one by one. */
const kReports = 5;

interface Unlocked {
  opened: OpenedHeader;
  sealer: Sealer;
  /** The header's file. */
  bytes: Bytes;
}

export class Vault {
  readonly #name: string;
  readonly #report: (error: CoreError) => void;
  #encryption: Encryption;
  /** By the id of the seal: a fresh instance of the core derives no key again. */
  readonly #unlocked = new Map<string, Unlocked>();
  /** Of the store; undefined while it is plain or not yet opened. */
  #present: Unlocked | undefined;
  /** The store was found or made plain, and stays so. */
  #isPlain = false;
  #isHeaderStored = false;
  #isAnnounced = false;
  #rejected: readonly string[] = [];
  #primary: Primary | undefined;
  /** Text of the entries that another page left in local storage, by what is there. */
  readonly #tails = new Map<string, string>();
  /** Large writes that are being sealed; each can be finished at once. */
  readonly #pending = new Set<() => void>();
  #isLeaving = false;
  readonly #stops: (() => void)[] = [];
  /** A follower reads the store of another tab, and changes nothing of its seal. */
  isFollower = false;

  constructor(name: string, encryption: Encryption, report: (error: CoreError) => void) {
    this.#name = name;
    this.#encryption = encryption;
    this.#report = report;
    if (typeof document === 'undefined') return;
    const listen = (target: EventTarget, event: string): void => {
      target.addEventListener(event, this.#leaving, true);
      this.#stops.push(() => target.removeEventListener(event, this.#leaving, true));
    };
    listen(globalThis as unknown as EventTarget, 'pagehide');
    listen(document, 'visibilitychange');
    listen(document, 'freeze');
  }

  /** null while the store is plain. */
  get status(): SealStatus | null {
    if (this.#present === undefined) return null;
    return { by: this.#present.opened.header.kdf === null ? 'key' : 'passphrase', rejected: this.#rejected };
  }

  /** Tells one seal from another; '' while the store is plain. */
  get id(): string {
    return this.#present?.sealer.store ?? '';
  }

  /** For `module.coreFiles`, behind hooks that are there already. */
  hooks(given: CoreFiles = {}): CoreFiles {
    // An instance that only tries files out (a repair) is never told to load the store.
    let isStore = false;
    return {
      ...given,
      opened: (path, db, found) => {
        this.#primary = new Primary(db, path);
        if (found.created) this.#isHeaderStored = false;
        given.opened?.(path, db, found);
      },
      beforeLoad: async (path, db, found) => {
        await given.beforeLoad?.(path, db, found);
        isStore = true;
        await this.#prepare(new Primary(db, path), path);
      },
      unseal: async (files) => {
        const opened = await this.#unseal(files, isStore);
        return given.unseal ? given.unseal(opened) : opened;
      },
      seal: given.seal ? async (puts, strict) => this.#seal(await given.seal!(puts, strict)) : (puts) => this.#seal(puts),
      stored: (write) => {
        if (write.puts.some(([name]) => name === kSealFile)) this.#isHeaderStored = true;
        given.stored?.(write);
      },
    };
  }

  /** For the last moment's edits in local storage. */
  readonly tail: TailSeal = {
    seal: (key, text) => {
      if (this.#isPlain) return text;
      if (this.#present === undefined) return undefined;
      this.#announce(this.#present.bytes);
      return toBase64(this.#present.sealer.seal(key, utf8(text)));
    },
    open: (key, text) => (this.#isPlain ? text : this.#tails.get(key + text)),
  };

  /** Another page may have left edits in local storage since the store was read; `tail` can open them when this resolves. */
  async readTails(): Promise<void> {
    if (this.#present !== undefined) await this.#readTails(this.#present.sealer);
  }

  /** Seals what is not sealed yet. Throws CoreError `sealed` when there is no key. */
  async sealAll(files: readonly CoreFile[]): Promise<CoreFile[]> {
    const { sealer } = this.#presentKey();
    return Promise.all(files.map(async ([name, bytes]): Promise<CoreFile> => [name, isSealed(bytes) ? bytes : await sealer.sealLater(name, bytes)]));
  }

  /** Bytes of somebody else, a backup for example, under a name of theirs. As they are while the store is plain. */
  async seal(name: string, bytes: Uint8Array): Promise<Uint8Array> {
    return this.#isPlain ? bytes : this.#presentKey().sealer.sealLater(name, bytes);
  }

  /** The wrapped key as text, for whoever keeps sealed bytes where they outlive the store; null while it is plain. */
  get header(): string | null {
    return this.#present ? toBase64(this.#present.bytes) : null;
  }

  /**
   * What seal() gave; `header` as it was then, in case that the store has another key by now. Plain bytes come back as they are.
   * Rejects with CoreError `damaged` or `wrong-key`.
   */
  async unseal(name: string, bytes: Uint8Array, header: string | null = null): Promise<Uint8Array> {
    if (!isSealed(bytes)) return bytes;
    const kept = header === null ? undefined : await parseHeader(fromBase64(header));
    const { sealer } = kept ? await this.#unlock(kept) : this.#presentKey();
    const opened = await sealer.open(name, bytes);
    if (opened === undefined) throw new CoreError('damaged', `"${name}" was sealed by another key, or changed since`);
    return opened;
  }

  /** From here on another passphrase or key opens the store. Resolves with the header's file, which is stored strictly. */
  async rekey(encryption: Encryption): Promise<Bytes> {
    const { opened, sealer } = this.#presentKey();
    const next = await opened.rewrapped(encryption);
    const bytes = await headerBytes(next.header);
    if (this.#isHeaderStored) await this.#primary!.write([[kSealFile, bytes]], []);
    this.#encryption = encryption;
    this.#present = { opened: next, sealer, bytes };
    this.#unlocked.set(sealer.store, this.#present);
    if (localHeader(this.#name) !== undefined) keepLocalHeader(this.#name, bytes);
    await this.#sealBackups(this.#present);
    return bytes;
  }

  /** The page goes on without this store. */
  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  // --- opening -------------------------------------------------------------------------------------

  /** Before anything is read: a plain store is sealed, or a sealed one made plain, in one transaction. */
  async #prepare(primary: Primary, path: string): Promise<void> {
    if (this.isFollower) return;
    const { names, files } = await primary.snapshot((all) => all.filter((name) => name === kSealFile));
    let header = await parseHeader(files[0]?.[1]);
    if (header === undefined && names.length > 0) {
      const all = (await primary.snapshot((every) => every)).files;
      if (!all.some(([, bytes]) => isSealed(bytes))) return this.#encryption.unseal ? undefined : this.#sealStore(primary, all);
      header = await this.#lostHeader(path);
      if (header === undefined)
        throw new CoreError('damaged', `the file "${kSealFile}" of the store "${this.#name}" is missing or damaged, and there is no copy of it on this device; nothing was changed`);
      const { bytes } = await this.#unlock(header);
      await primary.write([[kSealFile, bytes]], []);
    }
    if (header !== undefined && this.#encryption.unseal) await this.#unsealStore(primary, path, header);
  }

  async #sealStore(primary: Primary, plain: readonly CoreFile[]): Promise<void> {
    const unlocked = await this.#freshKey();
    const puts = await Promise.all(plain.filter(([name]) => name !== kSealFile).map(async ([name, bytes]): Promise<CoreFile> => [name, await unlocked.sealer.sealLater(name, bytes)]));
    await primary.write([[kSealFile, unlocked.bytes], ...puts], []);
    keepLocalHeader(this.#name, unlocked.bytes);
    eachLocal(tailPrefix(this.#name), (key, text) => toBase64(unlocked.sealer.seal(key, utf8(text))));
    await this.#sealBackups(unlocked);
  }

  async #unsealStore(primary: Primary, path: string, header: SealHeader): Promise<void> {
    const { sealer } = await this.#unlock(header);
    const { files } = await primary.snapshot((all) => all.filter((name) => name !== kSealFile));
    const puts = await Promise.all(files.map(async ([name, bytes]): Promise<CoreFile> => {
      const plain = await sealer.open(name, bytes);
      if (plain === undefined) throw new CoreError('damaged', `the file "${name}" was changed or damaged; open the store sealed, so that it can be repaired, before it is made plain`);
      return [name, plain];
    }));
    await this.#readTails(sealer);
    // Before the key is gone. Should the page end here, the next start seals them again.
    await resealBackups(this.#name, null, this.#backup);
    await unsealAside(path, sealer);
    await primary.write(puts, [kSealFile]);
    eachLocal(tailPrefix(this.#name), (key, text) => this.#tails.get(key + text) ?? text);
    forgetLocalHeader(this.#name);
  }

  /** A place that fails keeps nobody from working; it is tried again at the next start. */
  async #sealBackups({ sealer, bytes }: Unlocked): Promise<void> {
    await resealBackups(this.#name, { sealer, header: toBase64(bytes) }, this.#backup).catch((error: unknown) =>
      this.#report(new CoreError('storage', `backups of "${this.#name}" are not yet sealed as the store is: ${String(error)}`, { cause: error })));
  }

  /** A backup in plain; undefined when it was sealed by a key that is not known here. */
  readonly #backup = async (name: string, bytes: Uint8Array, header: string | null): Promise<Uint8Array | undefined> => {
    const kept = header === null ? undefined : await parseHeader(fromBase64(header));
    const key = kept ? await this.#unlock(kept).catch(() => undefined) : this.#present;
    return key?.sealer.open(name, bytes);
  };

  async #unseal(files: readonly CoreFile[], isStore: boolean): Promise<CoreFile[]> {
    const header = await parseHeader(files.find(([name]) => name === kSealFile)?.[1]);
    if (header === undefined) return this.#unsealed(files, isStore);
    const unlocked = await this.#unlock(header);
    const rejected: string[] = [];
    const sealed = files.filter(([name]) => name !== kSealFile);
    const opened = await Promise.all(sealed.map(async ([name, bytes]): Promise<CoreFile> => {
      const plain = await unlocked.sealer.open(name, bytes);
      if (plain === undefined) rejected.push(name);
      return [name, plain ?? kUnread];
    }));
    if (!isStore) return opened;
    await this.#take(unlocked, rejected.sort());
    const timer = setTimeout(() => void this.#sealBackups(unlocked), kTidyMs);
    (timer as { unref?: () => void }).unref?.(); // Node would wait for it
    this.#stops.push(() => clearTimeout(timer));
    return opened;
  }

  /** Files without a header: a plain store, or none at all. */
  async #unsealed(files: readonly CoreFile[], isStore: boolean): Promise<CoreFile[]> {
    if (files.some(([, bytes]) => isSealed(bytes))) throw new CoreError('damaged', `the file "${kSealFile}" is missing or damaged`);
    if (!isStore) return [...files];
    this.#present = undefined;
    this.#isHeaderStored = false;
    this.#isPlain = files.length > 0 || this.#encryption.unseal === true;
    if (!this.#isPlain && (!this.isFollower || localHeader(this.#name) !== undefined)) await this.#take(await this.#freshKey(true), []);
    this.#isHeaderStored = false;
    return [...files];
  }

  async #take(unlocked: Unlocked, rejected: readonly string[]): Promise<void> {
    this.#present = unlocked;
    this.#isPlain = false;
    this.#isHeaderStored = true;
    this.#rejected = rejected;
    await this.#readTails(unlocked.sealer);
    for (const name of rejected.slice(0, kReports))
      this.#report(new CoreError('damaged', `the file "${name}" of the sealed store "${this.#name}" was changed or damaged on this device; it was not read`));
  }

  async #unlock(header: SealHeader): Promise<Unlocked> {
    const known = this.#unlocked.get(header.store);
    if (known !== undefined) return known;
    return this.#adopt(await openHeader(header, this.#encryption));
  }

  async #adopt(opened: OpenedHeader): Promise<Unlocked> {
    const { store } = opened.header;
    const unlocked = { opened, sealer: await Sealer.make(store, opened.dataKey), bytes: await headerBytes(opened.header) };
    this.#unlocked.set(store, unlocked);
    return unlocked;
  }

  /** The key of a store that has none yet: the one that local storage knows of, which sealed the last moment's edits. */
  async #freshKey(mustFit = false): Promise<Unlocked> {
    const kept = await parseHeader(localHeader(this.#name));
    if (kept !== undefined) {
      const unlocked = await this.#unlock(kept).catch((error: unknown) => {
        if (mustFit) throw error;
      });
      if (unlocked) return unlocked;
    }
    return this.#adopt(await makeHeader(this.#encryption));
  }

  // --- sealing -------------------------------------------------------------------------------------

  #presentKey(): Unlocked {
    if (this.#present === undefined) throw new CoreError('sealed', `the store "${this.#name}" has no key in this tab, so nothing of it is sealed or opened`);
    return this.#present;
  }

  #seal(puts: CoreFile[]): CoreFile[] | PromiseLike<CoreFile[]> {
    if (this.#isPlain) return puts;
    const { sealer } = this.#presentKey();
    const atOnce = (): CoreFile[] => this.#withHeader(puts.map(([name, bytes]) => [name, sealer.seal(name, bytes)]));
    const bytes = puts.reduce((total, [, content]) => total + content.length, 0);
    if (bytes <= kAtOnceBytes || this.#isLeaving) return atOnce();
    const later = Promise.all(puts.map(async ([name, content]): Promise<CoreFile> => [name, await sealer.sealLater(name, content)]));
    return this.#orAtOnce(later.then((files) => this.#withHeader(files)), atOnce);
  }

  /** Answers as `later` does, or in the turn in which the page goes away: a promise could not. */
  #orAtOnce(later: Promise<CoreFile[]>, atOnce: () => CoreFile[]): PromiseLike<CoreFile[]> {
    const then = (resolve: (files: CoreFile[]) => void, reject: (error: unknown) => void): void => {
      let isOver = false;
      const end = (answer: () => void): void => {
        if (isOver) return;
        isOver = true;
        this.#pending.delete(finish);
        answer();
      };
      const finish = (): void => end(() => resolve(atOnce()));
      this.#pending.add(finish);
      later.then((files) => end(() => resolve(files)), (error: unknown) => end(() => reject(error)));
    };
    return { then } as unknown as PromiseLike<CoreFile[]>;
  }

  /** The first write of a store carries its header: both are there, or neither. */
  #withHeader(files: CoreFile[]): CoreFile[] {
    if (this.#isHeaderStored) return files;
    const { bytes } = this.#presentKey();
    this.#announce(bytes);
    return [[kSealFile, bytes], ...files];
  }

  /** Nothing is sealed before its header is kept somewhere. */
  #announce(bytes: Bytes): void {
    if (this.#isHeaderStored || this.#isAnnounced) return;
    this.#isAnnounced = true;
    keepLocalHeader(this.#name, bytes);
  }

  readonly #leaving = (event: Event): void => {
    if (event.type === 'visibilitychange' && document.visibilityState !== 'hidden') return;
    this.#isLeaving = true;
    setTimeout(() => { this.#isLeaving = false; }, 0);
    for (const finish of this.#pending) finish();
  };

  /** A header that the store has lost, from local storage or from the standby copy. */
  async #lostHeader(path: string): Promise<SealHeader | undefined> {
    const kept = await parseHeader(localHeader(this.#name));
    if (kept !== undefined) return kept;
    const place = await openStandbyPlace(path).catch(() => undefined);
    const copy = await place?.read().catch(() => undefined);
    place?.close();
    return parseHeader(copy?.files.find(([name]) => name === kSealFile)?.[1]);
  }

  async #readTails(sealer: Sealer): Promise<void> {
    const found: [key: string, text: string][] = [];
    eachLocal(tailPrefix(this.#name), (key, text) => {
      found.push([key, text]);
      return text;
    });
    const opened = await Promise.all(found.map(async ([key, text]) => [key + text, await openedText(sealer, key, text)] as const));
    this.#tails.clear();
    for (const [entry, text] of opened) this.#tails.set(entry, text);
  }
}
