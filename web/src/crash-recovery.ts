// After a trap the instance is gone, the log on disk is not. A fresh instance recovers from it, and
// what was dispatched since is replayed from the ring. An action that stops two instances goes to the
// dead letters, so that one bad action never takes the others with it.
import type { SliceName } from './action-table.js';
import { CoreError } from './errors.js';
import type { AnyAction } from './frame.js';
import { salvage, TrapError, type Instance } from './instance.js';
import type { ReplayRing, RingEntry } from './replay-ring.js';
import type { SliceText } from './slice-mirror.js';
import type { SliceSet } from './slice-set.js';
import type { DeadLetter } from './types.js';

/** Instances that may die in a row before we give up; the counter starts again after a success. */
export const maxAttempts = 6;

/** Circumstances of an action that is done again: when it was dispatched, and its part in undo. */
export type ReplayContext = { at: number; group: string; undoable: boolean };

const kRestoring: ReplayContext = { at: 0, group: '', undoable: false };

export interface RecoveryHost {
  /** A fresh instance, opened and ready, and the seq that it recovered. */
  restart(): Promise<{ instance: Instance; seq: number }>;
  /** Runs an action in the instance. The new seq, or why it was refused. Throws TrapError. */
  perform(instance: Instance, action: AnyAction, context: ReplayContext): number | CoreError;
  /** The item as it was shown before the crash. */
  shown(slice: SliceName, id: string): unknown;
  refused(action: AnyAction, error: CoreError): void;
}

export class CrashRecovery {
  readonly #host: RecoveryHost;
  readonly #ring: ReplayRing;
  readonly #slices: SliceSet;
  readonly deadLetters: DeadLetter[] = [];
  restarts = 0;

  constructor(host: RecoveryHost, ring: ReplayRing, slices: SliceSet) {
    this.#host = host;
    this.#ring = ring;
    this.#slices = slices;
  }

  /** An action during which an instance died: it is tried once more, last. */
  suspect(action: AnyAction, bytes: number, reason: string): void {
    this.#blame(this.#ring.add(Infinity, action, bytes), reason);
  }

  /**
   * Brings a fresh instance to where the dead one was. `rescued`: what memory-only slices held.
   * `isPlanned`: the old instance did not die, it was put away. Throws CoreError when no instance survives.
   */
  async run(rescued: ReadonlyMap<SliceName, SliceText>, isPlanned = false): Promise<Instance> {
    let reason: unknown;
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      if (!isPlanned || attempt > 0) this.restarts++;
      try {
        const { instance, seq } = await this.#host.restart();
        this.#restore(instance, rescued);
        if (this.#replay(instance, seq)) return instance;
      } catch (error) {
        if (error instanceof CoreError) throw error;
        reason = error;
      }
    }
    throw new CoreError('internal', `the core stopped ${maxAttempts} times in a row and was given up`, { cause: reason });
  }

  /** false when the instance died of an entry. */
  #replay(instance: Instance, seq: number): boolean {
    for (const entry of this.#ring.after(seq)) {
      try {
        this.#replayOne(instance, entry);
      } catch (error) {
        if (!(error instanceof TrapError)) throw error;
        this.#blame(entry, error.message);
        return false;
      }
    }
    return true;
  }

  #replayOne(instance: Instance, entry: RingEntry): void {
    const result = this.#host.perform(instance, this.#applicable(instance, entry.action), { at: entry.at, group: entry.group, undoable: true });
    if (typeof result === 'number') {
      this.#ring.place(entry, result);
      return;
    }
    this.#ring.remove(entry);
    this.#host.refused(entry.action, result);
  }

  /** An edit of an item that came from the server and was not durable yet: put what was shown instead. */
  #applicable(instance: Instance, action: AnyAction): AnyAction {
    const [slice, name] = action.type.split('/') as [SliceName, string];
    const payload = action.payload as { id?: unknown; treeId?: unknown } | undefined;
    const id = name === 'updateTreeNode' ? payload?.treeId : payload?.id;
    if (!/^update/.test(name) || typeof id !== 'string' || instance.call((module) => module.read(slice, id)) !== '') return action;
    const shown = this.#host.shown(slice, id);
    return shown === undefined ? action : { type: `${slice}/addItem`, payload: shown };
  }

  #restore(instance: Instance, rescued: ReadonlyMap<SliceName, SliceText>): void {
    for (const [slice, text] of rescued) {
      if (text.items.length > 0 && slice !== 'conflicts')
        this.#host.perform(instance, { type: `${slice}/setItems`, payload: text.items }, kRestoring);
      for (const action of fieldActions(this.#slices, slice, text.fields)) this.#host.perform(instance, action, kRestoring);
    }
  }

  #blame(entry: RingEntry, reason: string): void {
    if (++entry.traps < 2) return;
    this.#ring.remove(entry);
    this.deadLetters.push({ action: entry.action, at: Date.now(), reason });
  }
}

/** The actions that bring back a slice's own fields, as far as there are any. */
function fieldActions(slices: SliceSet, slice: SliceName, fields: Readonly<Record<string, unknown>>): AnyAction[] {
  return Object.entries(fields).flatMap(([name, payload]) => {
    const setter = slices.setter(slice, name);
    return setter !== undefined && payload !== null && payload !== undefined ? [{ type: `${slice}/${setter}`, payload }] : [];
  });
}

/** What a dead memory-only instance still tells of its slices. */
export function rescue(dead: Instance, slices: readonly SliceName[], fallback: (slice: SliceName) => SliceText): Map<SliceName, SliceText> {
  const rescued = new Map<SliceName, SliceText>();
  for (const slice of slices) {
    const text = salvage(dead.module, slice);
    let parsed: SliceText | undefined;
    try {
      if (text !== undefined) parsed = JSON.parse(text) as SliceText;
    } catch {
      parsed = undefined;
    }
    rescued.set(slice, parsed ?? fallback(slice));
  }
  return rescued;
}
