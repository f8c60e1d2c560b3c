// Applies one change along its path with structural sharing: only the objects on the path are new.
import { setMember } from './json-check.js';

export type PathStep = string | number;

type Container = Record<PathStep, unknown>;

/**
 * A copy of `root` in which the value at `path` is `value`, or gone when `erased`. An index equal to
 * the array's length appends. `root` itself when the path leads nowhere: the core then has not
 * changed anything either. The copies are frozen; `value` must be.
 */
export function applyAt(root: unknown, path: readonly PathStep[], value: unknown, erased: boolean, depth = 0): unknown {
  if (depth === path.length) return value;
  if (typeof root !== 'object' || root === null) return root;
  const step = path[depth]!;
  const isLast = depth === path.length - 1;
  if (Array.isArray(root) !== (typeof step === 'number')) return root;
  const has = Object.prototype.hasOwnProperty.call(root, step);
  if (isLast && erased) return has ? without(root, step) : root;
  if (!has && (!isLast || (Array.isArray(root) && step !== root.length))) return root;
  const before = has ? (root as Container)[step] : undefined;
  const after = isLast ? value : applyAt(before, path, value, erased, depth + 1);
  if (after === before && has) return root;
  const copy = Array.isArray(root) ? [...(root as unknown[])] : { ...root };
  if (Array.isArray(copy)) copy[step as number] = after;
  else setMember(copy, step as string, after);
  return Object.freeze(copy);
}

function without(root: object, step: PathStep): unknown {
  if (Array.isArray(root)) return Object.freeze(root.filter((_, index) => index !== step));
  const copy = { ...root } as Container;
  delete copy[step];
  return Object.freeze(copy);
}
