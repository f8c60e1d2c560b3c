// Applies one change along its path with structural sharing: only the objects on the path are new.
import { setMember } from './json-check.js';

export type PathStep = string | number;

type Container = Record<PathStep, unknown>;

const hasOwn = (target: object, step: PathStep): boolean => Object.prototype.hasOwnProperty.call(target, step);

/**
 * A copy of `root` in which the value at `path` is `value`, or gone when `erased`. An index equal to
 * the array's length appends. `root` itself when the path leads nowhere: the core then has not
 * changed anything either. The copies are frozen; `value` must be.
 */
export function applyAt(root: unknown, path: readonly PathStep[], value: unknown, erased: boolean): unknown {
  const depth = path.length;
  if (depth === 0) return value;
  const above: Container[] = [];
  let at = root;
  for (let index = 0; index < depth; index++) {
    const step = path[index]!;
    if (typeof at !== 'object' || at === null || Array.isArray(at) !== (typeof step === 'number')) return root;
    above.push(at as Container);
    const has = hasOwn(at, step);
    if (index < depth - 1) {
      if (!has) return root;
      at = (at as Container)[step];
    } else if (erased ? !has : has ? (at as Container)[step] === value : Array.isArray(at) && step !== at.length) {
      return root;
    }
  }
  let after = erased ? without(above.pop()!, path[depth - 1]!) : value;
  for (let index = above.length - 1; index >= 0; index--) after = copyWith(above[index]!, path[index]!, after);
  return after;
}

function copyWith(before: Container, step: PathStep, value: unknown): unknown {
  if (Array.isArray(before)) {
    const copy: unknown[] = [...(before as unknown[])];
    copy[step as number] = value;
    return Object.freeze(copy);
  }
  const copy = { ...before };
  setMember(copy, step as string, value);
  return Object.freeze(copy);
}

function without(root: object, step: PathStep): unknown {
  if (Array.isArray(root)) return Object.freeze(root.filter((_, index) => index !== step));
  const copy = { ...root } as Container;
  delete copy[step];
  return Object.freeze(copy);
}
