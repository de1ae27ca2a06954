import { useEffect, useRef } from './view.js';

/**
 * Does `act` again and again, `every` milliseconds, as long as the page is looked at; at once where
 * it comes into sight after a longer time.
 */
export function useEvery(every, act) {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    let last = Date.now();
    const go = () => {
      if (document.visibilityState !== 'visible' || Date.now() - last < every) return;
      last = Date.now();
      latest.current();
    };
    // Asked more often than it is done, so that no tick is lost to a timer that came a little early.
    const timer = setInterval(go, every / 10);
    document.addEventListener('visibilitychange', go);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', go);
    };
  }, [every]);
}
