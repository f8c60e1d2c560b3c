// Mends the primary from the standby copy. Every candidate is recovered by an instance of its own
// before anything is written, and only a better one is taken; it is put in place by one strict
// transaction, so that a repair which is cut off has not happened and is made again.
import type { CoreFile } from '../core-files.js';
import type { Primary } from './primary.js';
import type { StandbyPlace } from './standby-place.js';

/** What recovering a set of files gives. */
export interface Outcome {
  /** Number of the last commit. */
  seq: number;
  items: number;
  commits: number;
  /** Records that could not be read. */
  damaged: number;
}

/** Recovers `files` in an instance of its own, which writes nothing. */
export type Probe = (files: CoreFile[]) => Promise<Outcome>;

export interface Repaired {
  outcome: Outcome;
  restoredFrom: 'bucket' | 'opfs' | null;
  /** Files put aside. */
  quarantined: number;
}

/** More than this is not put aside. */
const kQuarantineBytes = 64 << 20;

const isBetter = (a: Outcome, b: Outcome): boolean => a.seq > b.seq || (a.seq === b.seq && a.damaged < b.damaged);

const isEqual = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, index) => byte === b[index]);

export interface RepairTask {
  /** What recovering the primary gave. */
  found: Outcome;
  place: StandbyPlace | undefined;
  primary: Primary;
  probe: Probe;
  /** Whether another tab may write meanwhile: nothing is mended then. */
  isGivenUp(): boolean;
}

/** Rejects with the probe's error when the primary is empty and its copy cannot be opened (a wrong key, a newer format). */
export async function repair({ found, place, primary, probe, isGivenUp }: RepairTask): Promise<Repaired> {
  const { files } = await primary.snapshot((names) => names);
  const copy = place === undefined ? [] : (await place.read()).files;
  let best = found;
  let chosen: CoreFile[] | undefined;
  for (const candidate of candidates(files, copy)) {
    const outcome = await probe(candidate).catch((error: unknown) => {
      if (files.length === 0) throw error;
      return undefined;
    });
    if (outcome === undefined || !isBetter(outcome, best)) continue;
    best = outcome;
    chosen = candidate;
  }
  const unread = found.damaged > 0 ? setAside(files, chosen) : [];
  if (place !== undefined && unread.length > 0) await place.quarantine(unread).catch(() => void (unread.length = 0));
  if (chosen === undefined || place === undefined || isGivenUp()) return { outcome: best, restoredFrom: null, quarantined: place === undefined ? 0 : unread.length };
  const kept = new Map(files);
  const names = new Set(chosen.map(([name]) => name));
  const puts = chosen.filter(([name, bytes]) => !(kept.has(name) && isEqual(kept.get(name)!, bytes)));
  await primary.write(puts, files.map(([name]) => name).filter((name) => !names.has(name)));
  return { outcome: best, restoredFrom: place.kind, quarantined: unread.length };
}

/** The copy as it is; and the primary with the copy's version of each file that differs or is missing. */
function* candidates(files: CoreFile[], copy: CoreFile[]): Generator<CoreFile[]> {
  if (copy.length === 0) return;
  if (files.length > 0) {
    // No file is written twice, so a difference is damage.
    yield [...new Map([...files, ...copy])];
  }
  yield copy;
}

/** What was in the primary and is not in the chosen files, byte by byte; everything when nothing was chosen. */
function setAside(files: CoreFile[], chosen: CoreFile[] | undefined): CoreFile[] {
  const kept = new Map(chosen);
  let bytes = 0;
  return files.filter(([name, content]) => {
    const other = kept.get(name);
    if (other !== undefined && isEqual(other, content)) return false;
    bytes += content.length;
    return bytes <= kQuarantineBytes;
  });
}
