// The messages that are shown, outside React, so that code without a component (onError of the core) can show one too.
import type { CoreError } from 'codeforge-core';
import type { Tone } from './parts.js';

export interface ToastAction {
  readonly label: string;
  /** What the button of the message does; the message goes away with it. */
  readonly run: () => void;
}

export interface ToastOptions {
  readonly tone?: Tone;
  readonly text: string;
  readonly detail?: string;
  readonly action?: ToastAction;
  /** A newer one of the same key takes the place of the older. */
  readonly key?: string;
  /** Milliseconds; 0: until it is dismissed. Default: 6,000, with an action 12,000, with the tone `bad` 0. */
  readonly shownMs?: number;
}

export interface Toast extends ToastOptions {
  readonly id: number;
  readonly tone: Tone;
  readonly shownMs: number;
}

/** More would cover the work; the oldest goes first. */
export const maxToasts = 4;
const kPlainMs = 6_000;
const kActionMs = 12_000;

const defaultShownMs = ({ tone, action }: ToastOptions): number => (tone === 'bad' ? 0 : action ? kActionMs : kPlainMs);

/** Codes of an action that was refused and changed nothing. */
const kRefusals: ReadonlySet<string> = new Set(['unknown-slice', 'unknown-action', 'malformed-payload', 'limit', 'not-ready', 'closed']);

export class ToastList {
  #toasts: readonly Toast[] = [];
  #lastId = 0;
  readonly #listeners = new Set<() => void>();
  /** How many places show already what messages of a key would say. */
  readonly #muted = new Map<string, number>();

  /** The same reference while nothing changed. */
  readonly get = (): readonly Toast[] => this.#toasts;

  /** Told whenever the messages changed. Answers how to stop. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Shows a message. Answers the number to dismiss it by; 0 when its key is muted. */
  readonly show = (options: ToastOptions): number => {
    if (options.key !== undefined && this.#muted.has(options.key)) return 0;
    const id = ++this.#lastId;
    const toast: Toast = { ...options, id, tone: options.tone ?? 'plain', shownMs: options.shownMs ?? defaultShownMs(options) };
    const others = options.key === undefined ? this.#toasts : this.#toasts.filter(({ key }) => key !== options.key);
    this.#set([...others, toast].slice(-maxToasts));
    return id;
  };

  /** Takes one message away; without effect where it has gone. */
  readonly dismiss = (id: number): void => this.#set(this.#toasts.filter((toast) => toast.id !== id));

  /** Takes away the message of a key, when what it said is no longer true. */
  readonly retract = (key: string): void => {
    if (this.#toasts.some((toast) => toast.key === key)) this.#set(this.#toasts.filter((toast) => toast.key !== key));
  };

  /** While the user looks at the thing itself no message tells of it. Until the returned function is called. */
  readonly mute = (key: string): (() => void) => {
    this.#muted.set(key, (this.#muted.get(key) ?? 0) + 1);
    this.retract(key);
    return () => {
      const left = this.#muted.get(key)! - 1;
      if (left > 0) this.#muted.set(key, left);
      else this.#muted.delete(key);
    };
  };

  /** For `createCore({ onError })`: a refused action, or background work that failed. */
  readonly showCoreError = (error: CoreError): void => {
    const text = kRefusals.has(error.code) ? 'That change was not taken' : 'Something went wrong in the background';
    this.show({ tone: 'bad', text, detail: error.message, key: `core-error:${error.message}` });
  };

  #set(toasts: readonly Toast[]): void {
    this.#toasts = toasts;
    for (const listener of [...this.#listeners]) listener();
  }
}

/**
 * A list of messages to give to `<ToastProvider toasts={…}>`.
 *
 * @example
 * const toasts = createToasts();
 * const stop = toasts.subscribe(() => console.log(toasts.get().length));
 * const id = toasts.show({ tone: 'good', text: 'Saved', action: { label: 'Undo', run: () => core.undo() } });
 * toasts.get()[0].text; // 'Saved'
 * toasts.get()[0].action.run();
 * toasts.dismiss(id);
 * toasts.show({ text: 'The server is away', key: 'offline' });
 * toasts.retract('offline'); // it is back
 * const speak = toasts.mute('offline'); // a panel shows it already
 * toasts.show({ text: 'The server is away', key: 'offline' }); // 0
 * speak();
 * toasts.showCoreError(new CoreError('limit', 'too deep'));
 * toasts.get()[0].text; // 'That change was not taken'
 * stop();
 */
export const createToasts = (): ToastList => new ToastList();
