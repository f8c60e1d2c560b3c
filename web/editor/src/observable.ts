// One value outside React with listeners, for what the page itself knows (route, pane, toasts), never for project content.
import { useSyncExternalStore } from 'react';

export class Observable<Value> {
  #value: Value;
  readonly #listeners = new Set<() => void>();

  constructor(value: Value) {
    this.#value = value;
  }

  readonly get = (): Value => this.#value;

  set(value: Value): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

export const useObservable = <Value,>(source: Observable<Value>): Value => useSyncExternalStore(source.subscribe, source.get);

/** Renders again only when the selected part changes. */
export const useObservablePart = <Value, Part>(source: Observable<Value>, part: (value: Value) => Part): Part =>
  useSyncExternalStore(source.subscribe, () => part(source.get()));
