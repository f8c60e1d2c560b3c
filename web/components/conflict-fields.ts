// A conflict field by field: what differs, who changed it, and the version that a choice per field makes. Pure.
import type { ConflictItem } from 'codeforge-core';

export type Version = Readonly<Record<string, unknown>>;
export type Side = 'local' | 'remote';

export interface ConflictField {
  /** Unique within the conflict. */
  readonly key: string;
  /** Members from the item down. */
  readonly path: readonly string[];
  /** undefined: the member is not there. */
  readonly base: unknown;
  readonly local: unknown;
  readonly remote: unknown;
  /** Who changed it since both were the same. */
  readonly changedBy: 'both' | Side;
}

/** What the user chose for a field: a side, or a value of his own. */
export type FieldChoice = Side | { readonly value: unknown };
export type Choices = Readonly<Record<string, FieldChoice>>;

/** Members of bookkeeping: they differ always and say nothing. */
const kBookkeeping: ReadonlySet<string> = new Set(['id', 'updatedAt', 'createdAt']);
/** Objects within objects are compared as a whole below this depth. */
const kMaxDepth = 3;

const isObject = (value: unknown): value is Version => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A server may order members in its own way; that is no difference. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  return isObject(value) ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])])) : value;
}

const same = (one: unknown, other: unknown): boolean => Object.is(one, other) || JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

/** A value as text to compare line by line; '' when it is not there. */
export function valueText(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(sorted(value), null, 2);
}

function compare(path: readonly string[], base: unknown, local: unknown, remote: unknown, fields: ConflictField[]): void {
  if (same(local, remote)) return;
  if (isObject(local) && isObject(remote) && path.length < kMaxDepth) {
    const members = isObject(base) ? base : {};
    for (const key of new Set([...Object.keys(local), ...Object.keys(remote)])) {
      if (path.length === 0 && kBookkeeping.has(key)) continue;
      compare([...path, key], members[key], local[key], remote[key], fields);
    }
    return;
  }
  const changedBy = same(base, local) ? 'remote' : same(base, remote) ? 'local' : 'both';
  fields.push({ key: JSON.stringify(path), path, base, local, remote, changedBy });
}

/**
 * The fields in which the two versions of a conflict differ; none when one side deleted the item.
 *
 * @example
 * const conflict = { baseVersion: { a: 1 }, localVersion: { a: 2 }, remoteVersion: { a: 1 } };
 * conflictFields(conflict)[0].changedBy; // 'local'
 */
export function conflictFields({ baseVersion, localVersion, remoteVersion }: Pick<ConflictItem, 'baseVersion' | 'localVersion' | 'remoteVersion'>): ConflictField[] {
  const fields: ConflictField[] = [];
  if (localVersion && remoteVersion) compare([], baseVersion ?? undefined, localVersion, remoteVersion, fields);
  return fields;
}

/** The side that a merge takes: whoever changed the field; this device where both did. */
export const mergedSide = ({ changedBy }: ConflictField): Side => (changedBy === 'remote' ? 'remote' : 'local');

/** The same side for every field, or each field's merged side. */
export const presetChoices = (fields: readonly ConflictField[], preset: Side | 'merge'): Choices =>
  Object.fromEntries(fields.map((field) => [field.key, preset === 'merge' ? mergedSide(field) : preset]));

/** As an own member, whatever its name: `__proto__` is data here. */
const put = (target: object, key: string, value: unknown): void =>
  void Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });

function assign(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let at = target;
  for (const key of path.slice(0, -1)) {
    const inner = Object.hasOwn(at, key) && isObject(at[key]) ? { ...at[key] } : {};
    put(at, key, inner);
    at = inner;
  }
  const last = path.at(-1)!;
  if (value === undefined) delete at[last];
  else put(at, last, value);
}

/** The local version with every chosen field set. */
export function composeVersion(local: Version, fields: readonly ConflictField[], choices: Choices, now: number = Date.now()): Record<string, unknown> {
  const version: Record<string, unknown> = { ...local };
  for (const field of fields) {
    const choice = choices[field.key] ?? mergedSide(field);
    assign(version, field.path, typeof choice === 'string' ? field[choice] : choice.value);
  }
  if (typeof local.updatedAt === 'number') version.updatedAt = now;
  return version;
}

export type Resolution =
  | { readonly strategy: 'local' | 'remote' | 'merge' }
  | { readonly strategy: 'manual'; readonly customVersion: Record<string, unknown> };

/** The strategy that says what the choices say: a whole side, the core's own merge, or a version made by hand. */
export function resolutionOf(local: Version, fields: readonly ConflictField[], choices: Choices, now?: number): Resolution {
  const all = (wanted: (field: ConflictField) => FieldChoice): boolean => fields.every((field) => (choices[field.key] ?? mergedSide(field)) === wanted(field));
  if (all(() => 'local')) return { strategy: 'local' };
  if (all(() => 'remote')) return { strategy: 'remote' };
  if (fields.every(({ path }) => path.length === 1) && all(mergedSide)) return { strategy: 'merge' };
  return { strategy: 'manual', customVersion: composeVersion(local, fields, choices, now) };
}
