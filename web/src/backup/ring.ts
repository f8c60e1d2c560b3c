// Which backups make room for a new one.
import { CoreError } from '../errors.js';
import type { BackupEntry, BackupOptions } from './types.js';

export type RingLimits = Required<Omit<BackupOptions, 'everyMs'>>;

/** Of those that a user made; they are never removed by themselves. */
export const maxManual = 50;

const dayOf = (at: number): string => new Date(at).toDateString();

/** The ids that `keep` and `keepDays` leave no place for. `entries`: the newest first. */
function surplus(entries: readonly BackupEntry[], { keep, keepDays }: RingLimits): Set<string> {
  const drop = new Set<string>();
  const counts = { schedule: 0, before: 0, manual: 0 };
  const days = new Set<string>();
  for (const { id, at, kind } of entries) {
    if (kind === 'manual') continue;
    const isKept = ++counts[kind] <= keep;
    const isLastOfDay = kind === 'schedule' && !days.has(dayOf(at)) && days.size < keepDays;
    if (isLastOfDay) days.add(dayOf(at));
    if (!isKept && !isLastOfDay) drop.add(id);
  }
  return drop;
}

/**
 * The ids to remove when `added` is written. `spared` stays in any case. Throws CoreError `limit` when there is no room even then.
 */
export function madeRoom(present: readonly BackupEntry[], added: BackupEntry, limits: RingLimits, spared?: string): string[] {
  const all = [added, ...present].sort((one, other) => other.at - one.at);
  if (all.filter(({ kind }) => kind === 'manual').length > maxManual)
    throw new CoreError('limit', `backups: there are ${maxManual} of your own already; remove one first`);
  const drop = surplus(all, limits);
  drop.delete(added.id);
  if (spared !== undefined) drop.delete(spared);
  let bytes = all.reduce((sum, entry) => sum + (drop.has(entry.id) ? 0 : entry.bytes), 0);
  // The clock's go before those made for a reason.
  const isFree = (entry: BackupEntry): boolean => entry.id !== added.id && entry.id !== spared && !drop.has(entry.id) && entry.kind !== 'manual';
  const oldestFirst = all.filter(isFree).reverse().sort((one, other) => Number(one.kind === 'before') - Number(other.kind === 'before'));
  for (const entry of oldestFirst) {
    if (bytes <= limits.maxBytes) break;
    drop.add(entry.id);
    bytes -= entry.bytes;
  }
  if (bytes > limits.maxBytes)
    throw new CoreError('limit', `backups: ${bytes} bytes would be kept; the limit is ${limits.maxBytes}. Remove some, or raise backups.maxBytes`);
  return [...drop];
}
