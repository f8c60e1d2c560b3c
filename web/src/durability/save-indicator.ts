// The one line that tells a user where the edits are.
import type { CoreStatus } from '../types.js';

export interface SaveIndicatorState {
  kind: 'saving' | 'on-device' | 'saved' | 'waiting' | 'conflict' | 'problem' | 'memory';
  /** For people, in English. */
  text: string;
  /** Changes that wait, or conflicts. */
  count: number;
}

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/**
 * What to show of a status. "Saved" is never shown before a transaction completed.
 *
 * @example
 * const core = await createCore({ name: 'shop' });
 * core.onStatus(() => console.log(saveIndicator(core.status()).text));
 */
export function saveIndicator(status: Pick<CoreStatus, 'phase' | 'seq' | 'durableSeq' | 'storage' | 'sync' | 'durability'>): SaveIndicatorState {
  const { seq, durableSeq, storage, sync, phase } = status;
  if (phase === 'failed' || (storage.error !== null && storage.backend !== 'memory') || storage.incident?.decision === 'needed')
    return { kind: 'problem', text: 'Storage problem — export now', count: Math.max(0, seq - durableSeq) };
  if (sync.conflicts > 0) return { kind: 'conflict', text: `Conflict in ${counted(sync.conflicts, 'item')}`, count: sync.conflicts };
  if (durableSeq < seq) return { kind: 'saving', text: 'Saving…', count: seq - durableSeq };
  const isAway = sync.phase === 'offline' || sync.connected === false;
  if (sync.phase !== 'disabled' && isAway && sync.pending > 0)
    return { kind: 'waiting', text: `Offline — ${counted(sync.pending, 'change')} waiting`, count: sync.pending };
  if (status.durability.level === 'acknowledged') return { kind: 'saved', text: 'Saved', count: 0 };
  if (storage.backend === 'memory') return { kind: 'memory', text: 'Not kept on this device', count: 0 };
  return { kind: 'on-device', text: 'Saved on this device', count: 0 };
}
