// The page's life cycle as events for the core: a page that goes away flushes in the same turn.
// `pagehide`, `visibilitychange` and `freeze` are the last three moments in which a page surely runs;
// `beforeunload` is not used, since it keeps pages out of the back/forward cache.

export interface PageLifeEvents {
  /** The page may never run again after this turn. */
  leaving(): void;
  visible(isVisible: boolean): void;
  online(isOnline: boolean): void;
  /** The page is frozen behind this turn, which all its other listeners have had. It may never run again. */
  rests(): void;
  /** And runs again. */
  wakes(): void;
}

type Target = Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;

/** Listens in pages and workers; in Node there is nothing to listen to. Answers how to stop. */
export function watchPageLife(events: PageLifeEvents): () => void {
  const stops: (() => void)[] = [];
  const listen = (target: Target, name: string, run: (event: Event) => void, capture = false): void => {
    target.addEventListener(name, run, capture);
    stops.push(() => target.removeEventListener(name, run, capture));
  };
  const page = globalThis as Partial<Target> & { document?: Document };
  if (typeof page.addEventListener === 'function' && 'onLine' in (globalThis.navigator ?? {})) {
    listen(page as Target, 'online', () => events.online(true));
    listen(page as Target, 'offline', () => events.online(false));
  }
  if (page.document !== undefined) {
    const document = page.document;
    listen(page as Target, 'pagehide', () => events.leaving());
    // Not at pagehide: listeners of the application come after ours, and what they edit has to be saved, too. A page that
    // is kept for the way back is frozen behind it, or thrown away, since it holds a lock.
    listen(document, 'freeze', () => events.leaving());
    // Behind all other listeners: what they edit has to be written before another tab may write.
    listen(page as Target, 'freeze', (event) => (event.bubbles ? page as Target : document).addEventListener('freeze', () => events.rests(), { once: true }), true);
    listen(document, 'resume', () => events.wakes());
    listen(document, 'visibilitychange', () => {
      const isVisible = document.visibilityState === 'visible';
      if (!isVisible) events.leaving();
      events.visible(isVisible);
    });
  }
  return () => {
    for (const stop of stops.splice(0)) stop();
  };
}
