// Component trees on their own: an array of trees, or an object with one, as in `{"organisms": [...]}`.
import type { Plain } from '../frame.js';
import { addItem, imported, isObject, type Imported } from './imported.js';
import { toTree } from './normalize.js';

const isTree = (value: unknown): value is Plain => isObject(value) && (Array.isArray(value.rootNodes) || isObject(value.root));

const isTreeList = (value: unknown): value is unknown[] => Array.isArray(value) && value.length > 0 && value.some(isTree);

function listsOf(json: unknown): [name: string, trees: unknown[]][] {
  if (isTree(json)) return [['tree', [json]]];
  if (isTreeList(json)) return [['trees', json]];
  return isObject(json) ? Object.entries(json).filter((entry): entry is [string, unknown[]] => isTreeList(entry[1])) : [];
}

export const isTrees = (json: unknown): boolean => listsOf(json).length > 0;

export function importTrees(json: unknown): Imported {
  const result = imported('trees');
  const lists = listsOf(json);
  for (const [name, trees] of lists) {
    trees.forEach((tree, index) => {
      if (isTree(tree)) addItem(result, 'componentTrees', toTree(tree), `${name}[${index}]`);
      else result.problems.push(`${name}[${index}]: not a tree`);
    });
  }
  if (isObject(json) && !isTree(json)) {
    const taken = new Set(lists.map(([name]) => name));
    for (const name of Object.keys(json)) if (!taken.has(name)) result.problems.push(`${name}: not a list of trees`);
  }
  return result;
}
