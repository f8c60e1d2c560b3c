// Undo, redo, transactions and refused edits, as members of the core; and what their actions tell the instance.
import type { CoreModule } from './core-module.js';
import type { AnyAction } from './frame.js';
import { HistoryReader, type Ask } from './history.js';
import { RejectedEdits } from './rejected.js';
import type { TailEntry } from './tail-home.js';
import type { Core } from './types.js';

/** Of a group's name, in characters. */
const kMaxGroup = 128;

export interface UndoHost {
  readonly ask: Ask;
  /** How many edits the server refused, cheaply. */
  rejected(): number;
  /** Calls listeners when nothing else is going on. */
  later(listeners: { tell(): void }): void;
  /** Of this page. */
  readonly session: string;
}

/** The members of the core that this file brings. */
export type UndoMembers = Pick<Core, 'undo' | 'redo' | 'transaction' | 'history' | 'rejected' | 'onRejected'>;

export class UndoControl {
  readonly #core: Core;
  readonly #ask: Ask;
  readonly #session: string;
  readonly #history: HistoryReader;
  readonly #rejected: RejectedEdits;
  /** Of the transaction that runs; '' outside. */
  #present = '';
  #count = 0;
  /** The group that the instance was told last, which is the one of the last action. */
  group = '';

  /** Gives `core` its members. */
  constructor(core: Core, { ask, rejected, later, session }: UndoHost) {
    this.#core = core;
    this.#ask = ask;
    this.#session = session;
    this.#history = new HistoryReader(ask, (slice, id) => (id === '' ? undefined : (core.read(slice as 'files', id)?.name as string | undefined)));
    this.#rejected = new RejectedEdits({ ask, count: rejected, later });
    const undo: Core['undo'] = () => this.#history.moved(core.dispatch({ type: 'history/undo' }));
    const redo: Core['redo'] = () => this.#history.moved(core.dispatch({ type: 'history/redo' }));
    const transaction: Core['transaction'] = (edits) => this.#transact(edits);
    Object.defineProperties(core, {
      undo: { value: undo }, redo: { value: redo }, transaction: { value: transaction }, onRejected: { value: this.#rejected.subscribe },
      history: { get: () => this.#history.view }, rejected: { get: () => this.#rejected.edits },
    });
  }

  /** `meta` of an action that cannot be dispatched yet. */
  named(action: AnyAction): AnyAction {
    return this.#present === '' || action.meta !== undefined ? action : { ...action, meta: { group: this.#present } };
  }

  /** Before an action with this `meta`. What a thunk's actions carry there names no group. */
  tellGroup(module: CoreModule, meta: unknown): void {
    const named = meta === undefined ? undefined : (meta as { group?: unknown } | null)?.group;
    const group = typeof named === 'string' && named.length <= kMaxGroup ? named : this.#present;
    if (group === this.group) return;
    module.context(JSON.stringify({ group }));
    this.group = group;
  }

  /** A fresh instance knows nothing of it all. */
  restart(): void {
    this.#history.restart();
    this.group = '';
  }

  /** The core runs: does again, as it was then, what the page before this one could not make durable. */
  running(tail: readonly TailEntry[]): void {
    for (const { action, at, group, session = this.#session } of tail) {
      this.#ask((module) => module.context(JSON.stringify({ at, undoable: true, session })));
      // Should this page die as well, it is still that session's.
      this.#core.dispatch({ ...action, meta: { group, session } });
    }
    this.#ask((module) => module.context(JSON.stringify({ at: 0, group: '', undoable: true, session: this.#session })));
    this.group = '';
    this.#rejected.restart();
  }

  statusChanged(): void {
    this.#rejected.refresh();
  }

  #transact<Result>(edits: () => Result): Result {
    if (this.#present !== '') return edits();
    this.#present = `${Date.now().toString(36)}-${++this.#count}`;
    // What belongs together reaches the disk in one write, or not at all.
    const hold = (isHeld: boolean): void => void this.#ask((module) => module.configure(`{"hold":${isHeld}}`));
    hold(true);
    try {
      return edits();
    } catch (error) {
      this.#core.dispatch({ type: 'history/rollback' });
      throw error;
    } finally {
      this.#present = '';
      hold(false);
    }
  }
}
