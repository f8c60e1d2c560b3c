// What the server's export answers: `{"files:<id>": {...}, ...}`.
import { sliceNames, type SliceName } from '../action-table.js';
import type { Plain } from '../frame.js';
import { sliceTable } from '../generated/slices.js';
import { addItem, imported, isObject, type Imported } from './imported.js';

const sliceOfWire = new Map<string, SliceName>(
  sliceNames.flatMap((slice) => (sliceTable[slice].wire === null ? [] : [[sliceTable[slice].wire!, slice] as const])),
);

function split(key: string): { slice: SliceName; id: string } | undefined {
  const colon = key.indexOf(':');
  const slice = sliceOfWire.get(key.slice(0, Math.max(colon, 0)));
  const id = key.slice(colon + 1);
  return slice === undefined || id === '' ? undefined : { slice, id };
}

export const isFlaskExport = (json: unknown): json is Plain =>
  isObject(json) && Object.keys(json).some((key) => split(key) !== undefined || key === 'settings:app');

export function importFlaskExport(json: Plain): Imported {
  const result = imported('flask-export');
  for (const [key, value] of Object.entries(json)) {
    const target = split(key);
    if (!isObject(value)) result.problems.push(`${key}: not an object`);
    else if (key === 'settings:app') result.after.push({ type: 'settings/updateSettings', payload: value });
    else if (target === undefined) result.problems.push(`${key}: no slice has keys of this kind`);
    else if (target.slice === 'theme' && target.id === 'current') result.after.push({ type: 'theme/setCurrentTheme', payload: value });
    else addItem(result, target.slice, { ...value, id: target.id }, key);
  }
  return result;
}
