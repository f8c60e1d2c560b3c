// The core in the panel of the Redux DevTools extension: a log of actions with what each changed, and time travel.
import { inspect, type AnyAction, type Core, type ItemChange } from 'codeforge-core';
import type { DevToolsConnection, DevToolsExtension, DevToolsMessage } from './extension.js';
import { Timeline } from './timeline.js';

export interface DevToolsOptions {
  /** As the panel names the store. */
  name?: string;
  /** Commits that are kept for travelling; 1,000 unless told. */
  maxActions?: number;
  /** The extension; `globalThis.__REDUX_DEVTOOLS_EXTENSION__` unless told. */
  extension?: DevToolsExtension;
}

/** Items that one action shows in the panel; the others are counted. */
const kShownItems = 50;

/** What the panel shows for a commit: its number and the items that it changed, never the whole state. */
function shownOf(commit: number, changes: readonly ItemChange[]): Record<string, unknown> {
  const changed: Record<string, unknown> = {};
  for (const { slice, id, after } of changes.slice(0, kShownItems)) changed[id === '' ? slice : `${slice}:${id}`] = after ?? null;
  return changes.length > kShownItems ? { commit, changed, more: changes.length - kShownItems } : { commit, changed };
}

/**
 * Connects a core with the extension's panel. The panel gets every action with the items that it changed. Jumping shows an earlier
 * state to everything that reads the core; nothing is written, stored or sent because of it, and the next action, wherever it comes
 * from, begins at the present again. Returns a function that disconnects. Without the extension nothing happens.
 *
 * @example
 * const disconnect = connectDevTools(core, { name: 'shop' });
 * disconnect();
 */
export function connectDevTools(core: Core, options: DevToolsOptions = {}): () => void {
  const extension = options.extension ?? (globalThis as { __REDUX_DEVTOOLS_EXTENSION__?: DevToolsExtension }).__REDUX_DEVTOOLS_EXTENSION__;
  if (extension === undefined) return () => {};
  const session = new Session(core, options, extension);
  return () => session.end();
}

class Session {
  readonly #core: Core;
  readonly #panel: DevToolsConnection;
  readonly #timeline: Timeline;
  readonly #stop: (() => void)[];
  #isPaused = false;
  /** Where ROLLBACK and RESET lead. */
  #committed = 0;

  constructor(core: Core, { name = 'codeforge-core', maxActions = 1000 }: DevToolsOptions, extension: DevToolsExtension) {
    this.#core = core;
    this.#timeline = new Timeline(maxActions);
    this.#panel = extension.connect({ name, maxAge: maxActions, features: { pause: true, jump: true, dispatch: true, export: false, import: false, skip: false, reorder: false, persist: false, test: false, lock: false } });
    this.#panel.init(shownOf(0, []));
    const unsubscribe = this.#panel.subscribe((message) => this.#hear(message));
    this.#stop = [core[inspect].onCommit((action, changes) => this.#committedOne(action, changes)), () => unsubscribe?.(), () => this.#panel.unsubscribe?.()];
  }

  end(): void {
    for (const stop of this.#stop.splice(0)) stop();
    this.#core[inspect].show(undefined);
  }

  #committedOne(action: AnyAction, changes: readonly ItemChange[]): void {
    const { number } = this.#timeline.add(action, changes);
    if (this.#isPaused) return;
    this.#panel.send({ type: action.type, ...(action.payload === undefined ? {} : { payload: action.payload }) }, shownOf(number, changes));
  }

  #hear({ type, payload, state }: DevToolsMessage): void {
    try {
      if (type === 'ACTION' && typeof payload === 'string') this.#run(payload);
      else if (type === 'DISPATCH' && typeof payload === 'object') this.#press(payload, state);
    } catch (error) {
      this.#panel.error?.(error instanceof Error ? error.message : String(error));
    }
  }

  #run(text: string): void {
    const action = JSON.parse(text) as AnyAction;
    const { error } = this.#core.dispatch(action);
    if (error) throw new Error(error.message);
  }

  #press(button: { type: string; status?: boolean }, state: string | undefined): void {
    switch (button.type) {
      case 'JUMP_TO_STATE':
      case 'JUMP_TO_ACTION':
        return this.#jump((JSON.parse(state ?? '{}') as { commit?: number }).commit ?? this.#timeline.last);
      case 'COMMIT':
        this.#committed = this.#timeline.last;
        this.#timeline.clear();
        this.#jump(this.#committed);
        return this.#panel.init(shownOf(this.#committed, []));
      case 'RESET':
      case 'ROLLBACK':
        this.#jump(Math.max(this.#committed, this.#timeline.first));
        return this.#panel.init(shownOf(this.#committed, []));
      case 'PAUSE_RECORDING':
        this.#isPaused = button.status === true;
        return;
      default:
        this.#panel.error?.(`${button.type} is not possible here: the past is not computed again`);
    }
  }

  #jump(commit: number): void {
    const { show, present } = this.#core[inspect];
    if (commit === this.#timeline.last) return show(undefined);
    const state = this.#timeline.at(commit, present());
    if (state === undefined) throw new Error(`commit ${commit} is not kept any more; the oldest is ${this.#timeline.first}`);
    show(state);
  }
}
