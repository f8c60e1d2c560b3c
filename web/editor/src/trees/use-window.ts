// Which rows of a long list are drawn: those in sight and some around. Rows have one height.
import { useCallback, useEffect, useState, type RefObject } from 'react';

/** Shorter lists are drawn as a whole: the browser's own find and scrolling work best there. */
export const kWindowedFrom = 500;
/** Rows drawn above and below what is in sight, so that a quick scroll does not show gaps. */
const kAround = 20;
const kAssumedHeight = 28;

export interface RowWindow {
  readonly start: number;
  readonly end: number;
  /** Height of one row in CSS pixels. */
  readonly rowHeight: number;
  /** Scrolls so far that the row is in sight. */
  reveal(index: number): void;
}

/** `undefined`: draw everything. The list's first child must be a row or a space of whole rows. */
export function useWindow(list: RefObject<HTMLElement | null>, count: number): RowWindow | undefined {
  const isWindowed = count > kWindowedFrom;
  const [view, setView] = useState({ top: 0, height: 800, rowHeight: kAssumedHeight });
  useEffect(() => {
    const element = list.current;
    if (!isWindowed || !element) return;
    const look = (): void => {
      const rowHeight = element.querySelector<HTMLElement>('[data-node-row]')?.offsetHeight || kAssumedHeight;
      setView((before) => {
        const next = { top: element.scrollTop, height: element.clientHeight, rowHeight };
        return next.top === before.top && next.height === before.height && next.rowHeight === before.rowHeight ? before : next;
      });
    };
    look();
    element.addEventListener('scroll', look, { passive: true });
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      sizes.disconnect();
    };
  }, [list, isWindowed]);
  const { top, height, rowHeight } = view;
  const reveal = useCallback((index: number): void => {
    const element = list.current;
    if (!element) return;
    const start = index * rowHeight;
    if (start < element.scrollTop) element.scrollTop = start;
    else if (start + rowHeight > element.scrollTop + element.clientHeight) element.scrollTop = start + rowHeight - element.clientHeight;
  }, [list, rowHeight]);
  if (!isWindowed) return undefined;
  const start = Math.max(0, Math.floor(top / rowHeight) - kAround);
  return { start, end: Math.min(count, Math.ceil((top + height) / rowHeight) + kAround), rowHeight, reveal };
}
