// How far the edits of one item have come. Nothing is kept per item but for those that were edited
// since the standby copy was made; a slice that was changed as a whole, or by the server, counts as one item.
import type { AnyAction } from '../frame.js';
import type { DurabilityLevel } from './types.js';

/** More items than this become one entry for their slice: too cautious for a second, and bounded. */
const kMaxItems = 4096;
const kMaxOfOneAction = 64;

/** Numbers of the last commit that has reached a level. */
export interface LevelSeqs {
  handedOver: number;
  complete: number;
  strict: number;
  mirrored: number;
}

/** The ids that an action is about; undefined when it is about the slice. */
function idsOf(payload: unknown): string[] | undefined {
  if (typeof payload === 'string') return [payload];
  if (typeof payload !== 'object' || payload === null) return undefined;
  if (Array.isArray(payload)) {
    if (payload.length > kMaxOfOneAction) return undefined;
    const ids = payload.map((entry: unknown) => (typeof entry === 'string' ? entry : (entry as { id?: unknown } | null)?.id));
    return ids.every((id) => typeof id === 'string') ? ids : undefined;
  }
  const { treeId, id } = payload as { treeId?: unknown; id?: unknown };
  const own = treeId ?? id;
  return typeof own === 'string' ? [own] : undefined;
}

const keyOf = (slice: string, id: string): string => `${slice}/${id}`;

export class Levels {
  readonly #items = new Map<string, number>();
  readonly #slices = new Map<string, number>();

  /** An action whose commit has the number `seq`. */
  note({ type, payload }: AnyAction, seq: number): void {
    const slice = type.slice(0, type.indexOf('/'));
    // Undo and redo say nothing of what they change.
    if (slice === 'history') return this.noteSlice('*', seq);
    const ids = idsOf(payload);
    if (ids === undefined) return this.noteSlice(slice, seq);
    for (const id of ids) this.#items.set(keyOf(slice, id), seq);
    if (this.#items.size > kMaxItems) this.#collapse(seq);
  }

  /** A slice was changed by somebody else: the server, another tab, a conflict. */
  noteSlice(slice: string, seq: number): void {
    this.#slices.set(slice, seq);
  }

  /** Forgets what every level has reached. */
  forget(seq: number): void {
    for (const map of [this.#items, this.#slices]) for (const [key, at] of map) if (at <= seq) map.delete(key);
  }

  /** The number of the last commit that may have touched the item. */
  lastSeq(slice: string, id: string): number {
    return Math.max(this.#items.get(keyOf(slice, id)) ?? 0, this.#slices.get(slice) ?? 0, this.#slices.get('*') ?? 0);
  }

  #collapse(seq: number): void {
    for (const key of this.#items.keys()) this.noteSlice(key.slice(0, key.indexOf('/')), seq);
    this.#items.clear();
  }
}

/** The level that a commit has reached on this device. */
export function levelOf(seq: number, { handedOver, complete, strict, mirrored }: LevelSeqs): DurabilityLevel {
  if (seq > handedOver) return 'dispatched';
  if (seq > complete) return 'handed-over';
  if (mirrored > 0 && seq <= mirrored) return 'mirrored';
  return seq <= strict ? 'strict' : 'complete';
}
