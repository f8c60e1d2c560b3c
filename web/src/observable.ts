// The interoperability point of observables, as Redux stores have it.
import type { RootState } from './generated/slices.js';
import type { Observable } from './types.js';

interface Store {
  readonly getState: () => RootState;
  readonly subscribe: (listener: () => void) => () => void;
}

/** Where nobody defines the symbol, Redux and RxJS look for this string. */
const key: PropertyKey = (Symbol.observable as symbol | undefined) ?? '@@observable';

/** Gives `store` its observable: every subscriber is told the present state at once, and then each new one. */
export function makeObservable(store: Store): void {
  const observable = {
    subscribe(observer: { next?: (state: RootState) => void }) {
      const tell = (): void => observer.next?.(store.getState());
      tell();
      return { unsubscribe: store.subscribe(tell) };
    },
  };
  Object.defineProperty(observable, key, { value: () => observable });
  Object.defineProperty(store, key, { value: () => observable as Observable });
}
