// Listeners as Redux has them: told in order, from a snapshot, so that one may unsubscribe while told.
export class Listeners<Told extends unknown[] = []> {
  #set = new Set<{ tell: (...told: Told) => void }>();
  #snapshot: readonly { tell: (...told: Told) => void }[] | undefined;

  get size(): number {
    return this.#set.size;
  }

  add(tell: (...told: Told) => void): () => void {
    const entry = { tell };
    this.#set.add(entry);
    this.#snapshot = undefined;
    return () => {
      if (this.#set.delete(entry)) this.#snapshot = undefined;
    };
  }

  /** Tells everybody, also when one throws; the first error is thrown afterwards. */
  tell(...told: Told): void {
    const snapshot = (this.#snapshot ??= [...this.#set]);
    let failure: { error: unknown } | undefined;
    for (const entry of snapshot) {
      try {
        entry.tell(...told);
      } catch (error) {
        failure ??= { error };
      }
    }
    if (failure) throw failure.error;
  }

  clear(): void {
    this.#set.clear();
    this.#snapshot = undefined;
  }
}
