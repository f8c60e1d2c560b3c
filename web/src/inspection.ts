// Looking at commits from the outside: what each changed, and another moment's state shown instead of the present one. For
// DevTools and the like; a core that nobody inspects pays a comparison per commit.
import type { SliceName } from './action-table.js';
import type { AnyAction, Plain } from './frame.js';
import type { RootState } from './generated/slices.js';
import { Listeners } from './listeners.js';
import type { Mirror } from './mirror.js';

/** What a commit did to one item; id '' is the slice's own fields. undefined: absent. The objects are those of the state, frozen. */
export interface ItemChange {
  readonly slice: SliceName;
  readonly id: string;
  readonly before: Readonly<Plain> | undefined;
  readonly after: Readonly<Plain> | undefined;
}

/** Hears of a commit after it is in the state and before the core's subscribers do. */
export type CommitListener = (action: AnyAction, changes: readonly ItemChange[]) => void;

/**
 * `core[inspect]`, for tools such as DevTools.
 *
 * @example
 * const before = core.getState();
 * const stop = core[inspect].onCommit((action, changes) => console.log(action.type, changes.length));
 * core.dispatch(files.updateItem({ id: 'a', content: 'x' }));
 * core[inspect].show(before); // everything that reads the core sees the past
 * core.read('files', 'a').content; // ''
 * core[inspect].present().files.files[0].content; // 'x'
 * core[inspect].show(undefined);
 * stop();
 */
export interface CoreInspection {
  /**
   * Tells every commit from now on: an action of this program, or `@core/changes` for what came from elsewhere (a pull, another tab).
   * Reads every slice once, so that what is replaced is known. Returns the function that ends it.
   */
  readonly onCommit: (listener: CommitListener) => () => void;
  /** Shows a state of another time to getState(), read() and the subscribers, until the next action; undefined: the present again. */
  readonly show: (state: RootState | undefined) => void;
  /** The state as it is, whatever is shown. */
  readonly present: () => RootState;
}

/** The member of a core under which CoreInspection is. */
export const inspect: unique symbol = Symbol.for('codeforge-core.inspect') as never;

export class Inspection implements CoreInspection {
  readonly #mirror: Mirror;
  readonly #changed: () => void;
  readonly #listeners = new Listeners<[AnyAction, readonly ItemChange[]]>();

  constructor(mirror: Mirror, changed: () => void) {
    this.#mirror = mirror;
    this.#changed = changed;
  }

  readonly onCommit = (listener: CommitListener): (() => void) => {
    this.#mirror.record(true);
    const remove = this.#listeners.add(listener);
    return () => {
      remove();
      if (this.#listeners.size === 0) this.#mirror.record(false);
    };
  };

  readonly show = (state: RootState | undefined): void => {
    if (this.#mirror.show(state)) this.#changed();
  };

  readonly present = (): RootState => this.#mirror.present();

  /** A commit is in the mirror. */
  committed(action: AnyAction): void {
    const changes = this.#mirror.takeRecorded();
    if (changes !== undefined && changes.length > 0) this.#listeners.tell(action, changes);
  }
}
