// How far a push is: how many of the changes that waited when it began are gone.
import { useEffect, useRef, useState } from 'react';

/** @param pending changes that wait now */
export function usePushProgress(pending: number, isRunning: boolean): { done: number; total: number } | undefined {
  const [total, setTotal] = useState(0);
  const waiting = useRef(pending);
  useEffect(() => {
    if (!isRunning) waiting.current = pending;
    // A push can find more to send while it runs.
    setTotal((before) => (isRunning ? Math.max(before, waiting.current, pending) : 0));
  }, [isRunning, pending]);
  return isRunning && total > 0 ? { done: Math.max(0, total - pending), total } : undefined;
}
