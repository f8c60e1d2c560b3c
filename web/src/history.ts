// `core.history`: what can be undone and done again, as the core tells it.
import type { CoreModule } from './core-module.js';
import { freezeDeep } from './json-check.js';

/** One edit, or several that belong together, of this user in this session. */
export interface HistoryStep {
  /** Type of the action that made it, for example `files/updateItem`. */
  readonly type: string;
  readonly slice: string;
  /** The item that it is about, the first one of several; "" for a field of the slice. */
  readonly id: string;
  /** How many items it changes. */
  readonly items: number;
  /** When it began; Unix time in milliseconds. */
  readonly at: number;
  /** For people: "Edit main.ts". */
  readonly label: string;
  /** It was undone and can be done again. */
  readonly isUndone: boolean;
  /** Others have changed or removed everything that it would put back: undo passes over it. */
  readonly isWithdrawn: boolean;
}

export interface HistoryView {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Label of the step that undo() takes back next; null when there is none. */
  readonly undoLabel: string | null;
  readonly redoLabel: string | null;
  /** At most 200, the oldest first. */
  readonly steps: readonly HistoryStep[];
}

/** What others changed meanwhile and was therefore not put back. */
export interface WithdrawnChange {
  readonly slice: string;
  readonly id: string;
  readonly path: readonly (string | number)[];
  /** `gone`: the item is no more. `overwritten`: the value is another one now. */
  readonly why: 'gone' | 'overwritten';
}

export interface HistoryMove {
  /** Type of the action that was undone or done again; null when nothing but withdrawn steps was left. */
  readonly type: string | null;
  readonly items: readonly { readonly slice: string; readonly id: string }[];
  readonly withdrawn: readonly WithdrawnChange[];
}

interface ToldStep { type: string; slice: string; id: string; items: number; at: number; undone?: true; withdrawn?: true }
interface Told {
  canUndo: boolean;
  canRedo: boolean;
  revision: number;
  steps: ToldStep[];
  moved: { type: string | null; items: [string, string][]; withdrawn: WithdrawnChange[] } | null;
}

const kWords: readonly (readonly [RegExp, string])[] = [
  [/^(add|create)/, 'Add'], [/^(remove|delete)/, 'Delete'], [/^resolve/, 'Resolve'], [/^(set|clear)/, 'Replace'], [/./, 'Edit'],
];

/** `nameOf`: what people call an item, if it has a name. */
function labelOf(step: ToldStep, nameOf: (slice: string, id: string) => string | undefined): string {
  const name = step.type.slice(step.type.indexOf('/') + 1);
  const word = kWords.find(([start]) => start.test(name))![1];
  return `${word} ${step.items > 1 ? `${step.items} items` : (nameOf(step.slice, step.id) ?? (step.id || step.slice))}`;
}

const kEmpty: HistoryView = freezeDeep({ canUndo: false, canRedo: false, undoLabel: null, redoLabel: null, steps: [] });

/** Runs a call in the instance that runs; undefined when there is none. */
export type Ask = <Result>(run: (module: CoreModule) => Result) => Result | undefined;

export class HistoryReader {
  readonly #ask: Ask;
  readonly #nameOf: (slice: string, id: string) => string | undefined;
  #revision = 0;
  #view = kEmpty;
  #moved: HistoryMove | null = null;

  constructor(ask: Ask, nameOf: (slice: string, id: string) => string | undefined) {
    this.#ask = ask;
    this.#nameOf = nameOf;
  }

  /** The same object while nothing changed. */
  get view(): HistoryView {
    const text = this.#ask((module) => module.history(this.#revision)) ?? '';
    if (text === '') return this.#view;
    const { canUndo, canRedo, revision, steps: told, moved } = JSON.parse(text) as Told;
    const steps = told.map(({ undone = false, withdrawn = false, ...step }): HistoryStep => ({
      ...step, label: labelOf(step, this.#nameOf), isUndone: undone, isWithdrawn: withdrawn,
    }));
    const live = steps.filter((step) => !step.isWithdrawn);
    this.#revision = revision;
    this.#moved = moved && { ...moved, items: moved.items.map(([slice, id]) => ({ slice, id })) };
    this.#view = freezeDeep({
      canUndo, canRedo, steps,
      undoLabel: live.findLast((step) => !step.isUndone)?.label ?? null,
      redoLabel: live.find((step) => step.isUndone)?.label ?? null,
    });
    return this.#view;
  }

  /** What an undo or redo did that was dispatched just now; null when there was nothing to do. */
  moved(dispatched: { error?: unknown }): HistoryMove | null {
    this.#moved = null;
    this.restart();
    if (dispatched.error === undefined) void this.view;
    const moved = this.#moved as HistoryMove | null;
    return moved !== null && (moved.type !== null || moved.withdrawn.length > 0) ? moved : null;
  }

  /** Another instance counts its revisions anew. */
  restart(): void {
    this.#revision = 0;
  }
}
