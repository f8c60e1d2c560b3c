// What the server's export answers: `{"files:<id>": {...}, ...}`.
import type { SliceName } from '../action-table.js';
import type { Plain } from '../frame.js';
import type { SliceSet } from '../slice-set.js';
import { addItem, imported, isObject, type Imported } from './imported.js';

function split(key: string, slices: SliceSet): { slice: SliceName; id: string } | undefined {
  const colon = key.indexOf(':');
  const slice = colon > 0 ? slices.ofWire(key.slice(0, colon)) : undefined;
  const id = key.slice(colon + 1);
  return slice === undefined || id === '' ? undefined : { slice, id };
}

export const isFlaskExport = (json: unknown, slices: SliceSet): json is Plain =>
  isObject(json) && Object.keys(json).some((key) => split(key, slices) !== undefined || key === 'settings:app');

export function importFlaskExport(json: Plain, slices: SliceSet): Imported {
  const result = imported('flask-export');
  for (const [key, value] of Object.entries(json)) {
    const target = split(key, slices);
    if (!isObject(value)) result.problems.push(`${key}: not an object`);
    else if (key === 'settings:app') result.after.push({ type: 'settings/updateSettings', payload: value });
    else if (target === undefined) result.problems.push(`${key}: no slice has keys of this kind`);
    else if (target.slice === 'theme' && target.id === 'current') result.after.push({ type: 'theme/setCurrentTheme', payload: value });
    else addItem(result, target.slice, { ...value, id: target.id }, key);
  }
  return result;
}
