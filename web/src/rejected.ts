// `core.rejected`: the edits that the server refused, and who is told of a new one.
import type { Ask } from './history.js';
import { freezeDeep } from './json-check.js';

export interface RejectedEdit {
  /** The name on the server, for example `files:a`: what `sync/retryRejected` and `sync/discardRejected` want. */
  readonly key: string;
  readonly slice: string;
  /** "" for the slice's own synced field. */
  readonly id: string;
  /** What the server said. */
  readonly reason: string;
  /** When it was rolled back, Unix time in milliseconds; 0 for an edit that was kept in place. */
  readonly at: number;
  /** What was refused; null: a deletion. */
  readonly value: Readonly<Record<string, unknown>> | null;
  /** What the server had; null: nothing. */
  readonly base: Readonly<Record<string, unknown>> | null;
  /** true: the state shows `base` again, and `value` is only here. false: the state still shows the edit. */
  readonly isRolledBack: boolean;
}

const nameOf = (edit: RejectedEdit): string => `${edit.at} ${edit.key}`;

export interface RejectedHost {
  readonly ask: Ask;
  /** How many there are at least, cheaply. */
  count(): number;
  /** Calls listeners when nothing else is going on. */
  later(listeners: { tell(): void }): void;
}

export class RejectedEdits {
  readonly #host: RejectedHost;
  readonly #listeners = new Set<{ tell(edit: RejectedEdit): void }>();
  #text = '[]';
  #edits: readonly RejectedEdit[] = Object.freeze([]);

  constructor(host: RejectedHost) {
    this.#host = host;
  }

  get edits(): readonly RejectedEdit[] {
    this.refresh();
    return this.#edits;
  }

  readonly subscribe = (tell: (edit: RejectedEdit) => void): (() => void) => {
    const listener = { tell };
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Takes what the core has now, and tells what is new. */
  refresh(): void {
    if (this.#edits.length > 0 || this.#host.count() > 0) this.#take(true);
  }

  /** The same for a fresh instance: what was refused before is no news. */
  restart(): void {
    if (this.#text !== '[]' || this.#host.count() > 0) this.#take(false);
  }

  #take(isNews: boolean): void {
    const text = this.#host.ask((module) => module.rejected()) ?? this.#text;
    if (text === this.#text) return;
    const known = new Set(this.#edits.map(nameOf));
    this.#text = text;
    this.#edits = freezeDeep(JSON.parse(text) as RejectedEdit[]);
    const fresh = isNews ? this.#edits.filter((edit) => !known.has(nameOf(edit))) : [];
    if (fresh.length > 0) this.#host.later({ tell: () => this.#tell(fresh) });
  }

  /** Tells every listener of every edit, also when one throws; the first error is thrown afterwards. */
  #tell(edits: readonly RejectedEdit[]): void {
    const failures: unknown[] = [];
    for (const edit of edits) {
      for (const listener of [...this.#listeners]) {
        try {
          listener.tell(edit);
        } catch (error) {
          failures.push(error);
        }
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
