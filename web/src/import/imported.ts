// What every import format is brought to, and the small steps they share.
import type { SliceName } from '../action-table.js';
import type { AnyAction, Plain } from '../frame.js';
import type { ImportReport } from '../types.js';

export interface Imported {
  format: ImportReport['format'];
  /** A slice that is empty in the file has an empty list. */
  items: Map<SliceName, Plain[]>;
  /** For what is no item: the current project, the theme in use, settings. Null where the file says that there is none. */
  after: AnyAction[];
  kept: string[];
  problems: string[];
}

export const imported = (format: ImportReport['format']): Imported => ({ format, items: new Map(), after: [], kept: [], problems: [] });

export const isObject = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);

export const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** Adds an item if it is one; else the report tells under which name it was left out. */
export function addItem(result: Imported, slice: SliceName, item: unknown, where: string): void {
  if (!isObject(item)) result.problems.push(`${where}: not an object`);
  else if (!isText(item.id)) result.problems.push(`${where}: has no id`);
  else {
    const items = result.items.get(slice);
    if (items) items.push(item);
    else result.items.set(slice, [item]);
  }
}

/** When the item was last changed, in milliseconds, as far as it says so. */
export function timeOf(...candidates: unknown[]): number {
  for (const candidate of candidates) {
    const time = typeof candidate === 'string' ? Date.parse(candidate) : candidate;
    if (typeof time === 'number' && Number.isFinite(time)) return time;
  }
  return Date.now();
}

/** A copy without one member. */
export function without(item: Plain, name: string): Plain {
  const { [name]: _, ...rest } = item;
  return rest;
}

/** The same content gets the same id, so that importing a file twice does not double it (FNV-1a, 32 bit). */
export function stableId(prefix: string, content: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < content.length; index++) hash = Math.imul(hash ^ content.charCodeAt(index), 0x01000193);
  return `${prefix}-${(hash >>> 0).toString(16).padStart(8, '0')}`;
}
