// useDebouncedSave(), useLastSaved(), useSaveIndicator(): small hooks around "saved a moment ago".
import { useEffect, useRef, useState } from 'react';

/**
 * Calls `onSave` with the newest value when it has rested for `delayMs`, and with what still waits when the
 * component goes away. Not for the first value: that is what was loaded. A core needs no such pause; this is for savers that do.
 *
 * @example
 * const { content } = useItem('files', 'a');
 * useDebouncedSave(content, (newest) => console.log('saved', newest), 500);
 */
export function useDebouncedSave<Value>(value: Value, onSave: (value: Value) => void, delayMs = 1000): void {
  const saved = useRef(value);
  const waiting = useRef<(() => void) | undefined>(undefined);
  const save = useRef(onSave);
  save.current = onSave;
  useEffect(() => {
    if (Object.is(saved.current, value)) {
      waiting.current = undefined;
      return;
    }
    waiting.current = () => {
      waiting.current = undefined;
      saved.current = value;
      save.current(value);
    };
    const timer = setTimeout(() => waiting.current?.(), delayMs);
    return () => clearTimeout(timer);
  }, [value, delayMs]);
  useEffect(() => () => waiting.current?.(), []);
}

/**
 * Unix time in milliseconds of the last time that one of `dependencies` changed; null before the first change.
 *
 * @example
 * const lastSaved = useLastSaved([useItem('files', 'a')]);
 * const { timeAgo } = useSaveIndicator(lastSaved);
 */
export function useLastSaved(dependencies: readonly unknown[]): number | null {
  const [at, setAt] = useState<number | null>(null);
  const known = useRef(dependencies);
  useEffect(() => {
    const before = known.current;
    if (before.length === dependencies.length && dependencies.every((value, index) => Object.is(value, before[index]))) return;
    known.current = dependencies;
    setAt(Date.now());
  });
  return at;
}

export interface SavedAgo {
  /** For people: "just now", "12s ago", "3m ago", "2h ago"; "" before the first save. */
  timeAgo: string;
  isRecent: boolean;
}

function ago(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds}s ago`;
  return seconds < 3600 ? `${Math.floor(seconds / 60)}m ago` : `${Math.floor(seconds / 3600)}h ago`;
}

/**
 * How long ago `lastSaved` (Unix time in milliseconds) was; looks again every `intervalMs`, and when "recent" ends.
 *
 * @example
 * const { timeAgo, isRecent } = useSaveIndicator(Date.now(), { intervalMs: 10_000, recentThresholdMs: 3000 });
 * return <p className={isRecent ? 'fresh' : ''}>Saved {timeAgo}</p>;
 */
export function useSaveIndicator(lastSaved: number | null, { intervalMs = 10_000, recentThresholdMs = 3000 }: { intervalMs?: number; recentThresholdMs?: number } = {}): SavedAgo {
  const [, look] = useState(0);
  useEffect(() => {
    if (lastSaved === null) return;
    const again = (): void => look((count) => count + 1);
    const timer = setInterval(again, intervalMs);
    const recent = setTimeout(again, Math.max(0, lastSaved + recentThresholdMs - Date.now()) + 1);
    return () => {
      clearInterval(timer);
      clearTimeout(recent);
    };
  }, [lastSaved, intervalMs, recentThresholdMs]);
  if (lastSaved === null) return { timeAgo: '', isRecent: false };
  const passedMs = Date.now() - lastSaved;
  return { timeAgo: ago(passedMs), isRecent: passedMs < recentThresholdMs };
}
