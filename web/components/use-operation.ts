// One thing that the user starts and that takes its time: idle, running, done with words, or failed with a reason.
import { useCallback, useEffect, useRef, useState } from 'react';

export type Operation =
  | { readonly phase: 'idle' | 'running' }
  | { readonly phase: 'done' | 'failed'; readonly text: string; readonly at: number };

const kIdle: Operation = { phase: 'idle' };

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * @param run answers what to tell when it worked; a second start while it runs is ignored
 * @returns `[operation, start]`
 */
export function useOperation(run: () => Promise<string>): [operation: Operation, start: () => void] {
  const [operation, setOperation] = useState(kIdle);
  const isRunning = useRef(false);
  const isMounted = useRef(true);
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    isMounted.current = true;
    return () => { isMounted.current = false; };
  }, []);
  const start = useCallback(() => {
    if (isRunning.current) return;
    isRunning.current = true;
    setOperation({ phase: 'running' });
    const end = (next: Operation): void => {
      isRunning.current = false;
      if (isMounted.current) setOperation(next);
    };
    latest.current().then(
      (text) => end({ phase: 'done', text, at: Date.now() }),
      (error: unknown) => end({ phase: 'failed', text: messageOf(error), at: Date.now() }),
    );
  }, []);
  return [operation, start];
}
