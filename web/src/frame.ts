// Encodes an action into the frame that the core reads: `type \0 kind [\0 member]*` as UTF-8.
// An item's members that are identical to the mirror's own cross as empty texts: the core has them. Strings cross as they
// are, behind an apostrophe.
import type { SliceName } from './action-table.js';
import type { CoreModule } from './core-module.js';
import { CoreError } from './errors.js';
import type { Verb } from './generated/slices.js';
import { clean, isWellFormed, JsonCheck, maxItemBytes, setMember, wellFormed } from './json-check.js';
import type { SliceSet } from './slice-set.js';

/** One frame, in bytes, as in src/base/limits.hpp. */
export const maxFrameBytes = 256 << 20;
const kFirstCapacity = 64 << 10;
const kMaxLabels = 4096;
/** Characters of a list's texts that are put together before they are written: one call for each text would cost more than the writing. */
const kPartLength = 64 << 10;
const kNoParts: readonly string[] = [];

export type Plain = Record<string, unknown>;

/** What the mirror holds of an item, if it holds it at all. Must not load anything. */
export type Peek = (slice: SliceName, id: string) => Plain | undefined;

export interface AnyAction {
  readonly type: string;
  readonly payload?: unknown;
  readonly [member: string]: unknown;
}

function jsonText(value: unknown): string {
  switch (typeof value) {
    case 'number':
    case 'boolean':
      return `${value}`;
    default:
      return JSON.stringify(value);
  }
}

export class FrameEncoder {
  readonly #check = new JsonCheck();
  readonly #peek: Peek;
  readonly #slices: SliceSet;
  readonly #labels = new Map<string, string>();

  /** The result of the last encode(), valid until the next or freeze(): a text, and of a list of items what follows behind U+0000 each. */
  text = '';
  parts: readonly string[] = kNoParts;
  slice: SliceName | undefined;
  verb: Verb | undefined;
  /** The payload as the mirror may keep it: clean, and frozen by freeze(). */
  payload: unknown;
  /** The mirror's object of the item that the action is about, if it is one and is there. */
  prior: Plain | undefined;

  constructor(peek: Peek, slices: SliceSet) {
    this.#peek = peek;
    this.#slices = slices;
  }

  /** Throws CoreError; nothing of the caller's has been changed then. `whole`: no references to the mirror. */
  encode(action: AnyAction, whole = false): void {
    const type = action.type;
    if (typeof type !== 'string' || type === '') throw new CoreError('unknown-action', 'an action needs a member type, a string like "files/addFile"');
    if (type.includes('\0')) throw new CoreError('unknown-action', `action type ${JSON.stringify(type)} contains U+0000`);
    const route = this.#slices.routeOf(type);
    this.slice = route?.slice;
    this.verb = route?.verb;
    this.payload = action.payload;
    this.prior = undefined;
    this.parts = kNoParts;
    this.#check.start(type);
    if (this.payload === undefined) this.text = `${type}\0n`;
    else if (!this.#encodeItems(type) && !this.#encodeItem(type, whole)) this.#encodeText(type);
  }

  /** Freezes what the last action brought. Call it when the core has accepted the action. */
  freeze(): void {
    const payload = this.payload;
    if (typeof payload === 'object' && payload !== null) Object.freeze(payload);
    const found = this.#check.found;
    for (let index = 0; index < found.length; index++) Object.freeze(found[index]);
    found.length = 0;
    // Of a list of items these are megabytes.
    this.text = '';
    this.parts = kNoParts;
  }

  #encodeText(type: string): void {
    const check: JsonCheck = this.#check;
    check.dirty = false;
    check.walk(this.payload);
    if (check.dirty) {
      this.payload = clean(this.payload);
      check.start(type);
      check.walk(this.payload);
    }
    const text = JSON.stringify(this.payload);
    this.#limit(text.length);
    this.text = `${type}\0j\0${text}`;
  }

  /** Refuses what is certainly too long; the core measures the bytes of the rest. */
  #limit(characters: number): void {
    if (characters > maxItemBytes) this.#check.refuse(`has ${characters} characters of JSON; the limit is ${maxItemBytes} bytes`, 'limit');
  }

  #idOf(item: Plain): string {
    const id = item.id;
    const check: JsonCheck = this.#check;
    if (typeof id !== 'string' || id === '') check.refuse('has no id: a string that is not empty');
    return id;
  }

  #encodeItem(type: string, whole: boolean): boolean {
    const { verb, slice, payload } = this;
    if ((verb !== 'put' && verb !== 'replace' && verb !== 'merge') || slice === undefined) return false;
    const check: JsonCheck = this.#check;
    if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) check.refuse('must be an item: an object with an id');
    const item = payload as Plain;
    const id = this.#idOf(item);
    const prior = (this.prior = whole ? undefined : this.#peek(slice, id));
    if (!check.plain(item) || !isWellFormed(id)) return this.#retry(type, whole);
    let text = `${type}\0o`;
    let bytes = 0;
    for (const name of Object.keys(item)) {
      const value = item[name];
      const label = this.#labels.get(name) ?? this.#label(name);
      if (label === '') return false;
      if (prior !== undefined && value === prior[name] && name !== 'id' && isShareable(value, name)) {
        text += label;
        continue;
      }
      // A plain string is the usual case: it needs no walk, and the core quotes it faster than JSON.stringify does.
      const isText = typeof value === 'string' && isWellFormed(value);
      if (!isText) check.walk(value, name);
      if (check.dirty || !isWellFormed(name)) return this.#retry(type, whole);
      if (isText && !value.includes('\0')) {
        bytes += value.length;
        text += `${label}'${value}`;
      } else {
        const member = jsonText(value);
        bytes += member.length;
        text += label + member;
      }
      this.#limit(bytes);
    }
    this.text = text;
    return true;
  }

  /** `\0name\0`, or '' for a name that cannot travel so. Names repeat, so they are remembered, up to a bound. */
  #label(name: string): string {
    if (name.includes('\0')) return '';
    const label = `\0${name}\0`;
    if (this.#labels.size < kMaxLabels) this.#labels.set(name, label);
    return label;
  }

  /** Encodes a copy of the item in which only what has to be cleaned was replaced. */
  #retry(type: string, whole: boolean): boolean {
    const check: JsonCheck = this.#check;
    const item = this.payload as Plain;
    const copy: Plain = {};
    for (const name of Object.keys(item)) {
      const value = item[name];
      check.dirty = false;
      check.walk(value, name);
      if (value !== undefined) setMember(copy, wellFormed(name), check.dirty ? clean(value) : value);
    }
    check.start(type);
    this.payload = copy;
    return this.#encodeItem(type, whole);
  }

  #encodeItems(type: string): boolean {
    const { verb, payload } = this;
    if (verb !== 'put-many' && verb !== 'set-all') return false;
    const check: JsonCheck = this.#check;
    if (!Array.isArray(payload)) check.refuse('must be an array of items');
    let items: readonly unknown[] = payload;
    const parts: string[] = [];
    let texts: string[] = [];
    let length = 0;
    for (let index = 0; index < payload.length; index++) {
      let item: unknown = payload[index];
      const before = check.found.length;
      check.dirty = false;
      check.walk(item, index);
      if (check.dirty) {
        item = clean(item);
        check.found.length = before;
        check.walk(item, index);
        if (items === payload) items = payload.slice();
        (items as unknown[])[index] = item;
      }
      if (typeof item !== 'object' || item === null || Array.isArray(item)) check.refuse('has a member that is no item: an object with an id');
      const id = (item as Plain).id;
      if (typeof id !== 'string' || id === '') throw new CoreError('malformed-payload', `${type}: payload[${index}] has no id: a string that is not empty`);
      if (id.includes('\0')) return this.#asText(type, items);
      const json = JSON.stringify(item);
      this.#limit(json.length);
      texts.push(id, json);
      if ((length += json.length) < kPartLength) continue;
      parts.push(texts.join('\0'));
      texts = [];
      length = 0;
    }
    if (texts.length > 0) parts.push(texts.join('\0'));
    this.payload = items;
    this.text = `${type}\0a`;
    this.parts = parts;
    return true;
  }

  #asText(type: string, items: readonly unknown[]): boolean {
    this.payload = items;
    this.#encodeText(type);
    return true;
  }
}

/** Inherited members of the mirror's object are not values, and -0 is not 0 in memory only. */
function isShareable(value: unknown, name: string): boolean {
  return value !== undefined && typeof value !== 'function' && name !== '__proto__' && !(value === 0 && 1 / value < 0);
}

/** Beyond this many bytes a buffer is asked for anew for each frame: the core gives it up after the dispatch. */
const kKeptCapacity = 1 << 20;

const tooLong = (bytes: number): CoreError => new CoreError('limit', `an action of ${bytes} bytes is over the limit of ${maxFrameBytes} bytes`);

/** The core's input buffer: asks for more only when a frame needs more. */
export class FrameWriter {
  readonly #encoder = new TextEncoder();
  #view: Uint8Array = new Uint8Array(0);
  /** What dispatch() has to be told of the last write(): the bytes that are not staged. */
  frameBytes = 0;

  /** Writes the frame; where its parts are long they are staged. Answers the bytes of all. Throws CoreError `limit`. */
  write(module: CoreModule, text: string, parts: readonly string[] = kNoParts, mayStage = true): number {
    let length = text.length;
    for (const part of parts) length += part.length + 1;
    // Megabytes of items go piece by piece: WebAssembly's memory never shrinks, and would keep room for all of them at once.
    const isStaged = mayStage && parts.length > 0 && length > kKeptCapacity;
    const staged = isStaged ? this.#stage(module, parts, length) : 0;
    this.frameBytes = this.#put(module, isStaged ? `${text.slice(0, -1)}s` : parts.length > 0 ? [text, ...parts].join('\0') : text);
    return staged + this.frameBytes;
  }

  #stage(module: CoreModule, parts: readonly string[], length: number): number {
    if (length > maxFrameBytes) throw tooLong(length);
    let staged = 0;
    for (const part of parts) {
      const bytes = this.#put(module, part);
      if (module.stage(bytes) < 0) throw CoreError.from(JSON.parse(module.error()) as { code: string; message: string });
      staged += bytes;
    }
    return staged;
  }

  /** Writes a text into the buffer. */
  #put(module: CoreModule, text: string): number {
    // It is mostly ASCII: try with little more than one byte a character, and with the most that
    // UTF-8 can need (three) if it did not fit. Counting first would cost more than the encoding.
    for (const need of [text.length + (text.length >> 3), text.length * 3]) {
      if (need > this.#view.length || this.#view.buffer !== module.HEAPU8.buffer)
        this.#reserve(module, Math.max(need, this.#view.length, kFirstCapacity));
      const { read, written } = this.#encoder.encodeInto(text, this.#view);
      if (this.#view.length > kKeptCapacity) this.#view = new Uint8Array(0);
      if (read === text.length) return written;
    }
    throw new CoreError('internal', `a frame of ${text.length} characters did not fit`);
  }

  /** Puts bytes where a frame would be. Throws CoreError `limit`. */
  put(module: CoreModule, bytes: Uint8Array): void {
    if (bytes.length > this.#view.length || this.#view.buffer !== module.HEAPU8.buffer) this.#reserve(module, Math.max(bytes.length, kFirstCapacity));
    this.#view.set(bytes);
    if (this.#view.length > kKeptCapacity) this.#view = new Uint8Array(0);
  }

  #reserve(module: CoreModule, capacity: number): void {
    const address = capacity > maxFrameBytes ? 0 : module.frame(capacity);
    if (address === 0) throw tooLong(capacity);
    this.#view = module.HEAPU8.subarray(address, address + capacity);
  }
}
