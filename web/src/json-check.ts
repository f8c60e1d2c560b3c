// What may enter the core: plain JSON. One walk over each new value says whether it is, what has to
// be cleaned (undefined members, lone surrogates, -0), and which objects to freeze once the core has
// accepted the action. Nothing of the caller's is touched before that.
import { CoreError } from './errors.js';

/** Nesting of one value, as in src/base/limits.hpp. */
export const maxDepth = 200;
/** JSON text of one item, in bytes, as in src/base/limits.hpp. */
export const maxItemBytes = 8 << 20;
/** Values in one payload. Bounds the walk over objects that share members many times over. */
export const maxNodes = 8_000_000;

// Node 20 and every browser since 2023 have these; TypeScript's library of our target does not list them.
declare global {
  interface String {
    isWellFormed(): boolean;
    toWellFormed(): string;
  }
}

const kLonely = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
export const isWellFormed: (text: string) => boolean = 'isWellFormed' in String.prototype
  ? (text) => text.isWellFormed()
  : (text) => text.search(kLonely) < 0;

/** Lone surrogates become U+FFFD. */
export const wellFormed = (text: string): string => (isWellFormed(text) ? text : text.replace(kLonely, '\uFFFD'));

type Bag = Record<string, unknown>;

/** Sets an own member whatever its name is; `__proto__` must not reach the setter of that name. */
export function setMember(target: object, name: string, value: unknown): void {
  if (name === '__proto__') Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
  else (target as Bag)[name] = value;
}

/** A path of the walk as in the error message: `payload.props[3].x`. */
function at(path: readonly (string | number)[]): string {
  const shown = path.length > 12 ? [...path.slice(0, 6), '…', ...path.slice(-3)] : path;
  return shown.map((step) => (typeof step === 'number' ? `[${step}]` : /^[\w$…-]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`)).join('');
}

export class JsonCheck {
  /** Objects to freeze when the core has accepted the action. */
  readonly found: object[] = [];
  /** Set by a walk that met something to clean: use clean() of the value then. */
  dirty = false;
  #type = '';
  #root = 'payload';
  #path: (string | number)[] = [];
  #nodes = 0;

  /** Before the first walk of an action. */
  start(type: string): void {
    this.#type = type;
    this.#nodes = 0;
    this.found.length = 0;
    this.dirty = false;
  }

  /** Walks `payload[name]`, or the payload itself without a name. Throws CoreError. */
  walk(value: unknown, name?: string | number, root = 'payload'): void {
    this.#root = root;
    this.#path.length = 0;
    if (name !== undefined) this.#path.push(name);
    this.#visit(value, this.#path.length);
  }

  /** Whether `value` is an ordinary object literal; false for a plain one that has to be copied. Refuses class instances. */
  plain(value: object): boolean {
    const proto: unknown = Object.getPrototypeOf(value);
    if (proto === Object.prototype) return true;
    if (proto !== null && !isForeignPlain(proto as object)) this.refuse(`is a ${className(value)}, which is not a plain object`);
    return false;
  }

  refuse(what: string, code: 'malformed-payload' | 'limit' = 'malformed-payload'): never {
    throw new CoreError(code, `${this.#type}: ${this.#root}${at(this.#path)} ${what}`);
  }

  #visit(value: unknown, depth: number): void {
    switch (typeof value) {
      case 'string':
        if (!isWellFormed(value)) this.dirty = true;
        return;
      case 'number':
        if (!Number.isFinite(value)) this.refuse(`is ${value}, which JSON cannot hold`);
        if (value === 0 && 1 / value < 0) this.dirty = true;
        return;
      case 'boolean':
        return;
      case 'undefined':
        this.dirty = true;
        return;
      case 'object':
        if (value !== null) this.#visitObject(value, depth);
        return;
      default:
        this.refuse(`is a ${typeof value}, which JSON cannot hold`);
    }
  }

  #visitObject(value: object, depth: number): void {
    if (depth >= maxDepth) this.refuse(`is nested deeper than ${maxDepth} levels, or contains itself`, 'limit');
    if (++this.#nodes > maxNodes) this.refuse(`has more than ${maxNodes} values`, 'limit');
    if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index++) {
        const element: unknown = value[index];
        this.#path.push(index);
        if (element === undefined) this.refuse('is undefined, which a JSON array cannot hold');
        this.#visit(element, depth + 1);
        this.#path.pop();
      }
    } else {
      if (!this.plain(value)) this.dirty = true;
      for (const name of Object.keys(value)) {
        this.#path.push(name);
        if (!isWellFormed(name)) this.dirty = true;
        this.#visit((value as Bag)[name], depth + 1);
        this.#path.pop();
      }
    }
    if (!Object.isFrozen(value)) this.found.push(value);
  }
}

/** An object literal of another realm (iframe, vm context) is plain too. */
function isForeignPlain(proto: object): boolean {
  return Object.getPrototypeOf(proto) === null && Object.prototype.hasOwnProperty.call(proto, 'hasOwnProperty');
}

function className(value: object): string {
  const name = (value as { constructor?: { name?: unknown } }).constructor?.name;
  return typeof name === 'string' && name !== '' ? name : 'class instance';
}

/** A copy as JSON would give it back. Requires: the value passed a walk. */
export function clean(value: unknown): unknown {
  if (typeof value === 'string') return wellFormed(value);
  if (typeof value === 'number') return value === 0 ? 0 : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(clean);
  const copy = {};
  for (const name of Object.keys(value)) {
    const member = (value as Bag)[name];
    if (member !== undefined) setMember(copy, wellFormed(name), clean(member));
  }
  return copy;
}

/** Freezes a value that comes fresh from JSON.parse, all the way down. */
export function freezeDeep<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    for (const name of Object.keys(value)) freezeDeep((value as Bag)[name]);
    Object.freeze(value);
  }
  return value;
}
