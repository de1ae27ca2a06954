// Whether the screen is so narrow that a table would only be scrolled.
import { useEffect, useState } from './view.js';

const NARROW = matchMedia('(max-width: 44rem)');

/** True on a phone held upright. */
export function useNarrow() {
  const [isNarrow, set] = useState(NARROW.matches);
  useEffect(() => {
    const change = () => set(NARROW.matches);
    NARROW.addEventListener('change', change);
    return () => NARROW.removeEventListener('change', change);
  }, []);
  return isNarrow;
}
