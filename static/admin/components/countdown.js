import { useEffect, useState } from '../view.js';
import { words } from '../words/index.js';
import { announce } from './announce.js';

const SECOND_MS = 1_000;

/**
 * The seconds until what `fault` has put off can be tried again, 0 where nothing is to be waited
 * for. A screen reader hears of the end alone: the fault itself has said how long it takes. Then
 * `onOver()`.
 */
export function useCountdown(fault, onOver) {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const seconds = fault?.status === 429 ? (fault.retryAfter ?? 0) : 0;
    setLeft(seconds);
    if (seconds === 0) return undefined;
    // By the clock, since timers of a page that nobody looks at stand still.
    const end = Date.now() + seconds * SECOND_MS;
    const timer = setInterval(() => {
      const now = Math.ceil((end - Date.now()) / SECOND_MS);
      setLeft(Math.max(now, 0));
      if (now > 0) return;
      clearInterval(timer);
      announce(words.waited);
      onOver();
    }, SECOND_MS);
    return () => clearInterval(timer);
  }, [fault]);
  return left;
}
