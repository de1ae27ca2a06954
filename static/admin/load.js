import { REACHED } from './reach.js';
import { useCallback, useEffect, useRef, useState } from './view.js';

/**
 * Loads what `ask(signal)` resolves to, again whenever something in `inputs` changes. What was there
 * stays until the next is; the answer to an older question never overwrites a newer one's.
 *
 * `{ value, fault, isBusy, reload, set }`: `value` is undefined until the first answer. Where Stead
 * could not be reached, it is asked again by itself when it is there.
 */
export function useLoad(ask, inputs) {
  const [state, setState] = useState({ value: undefined, fault: null, isBusy: true });
  const running = useRef(null);
  const reload = useCallback(async () => {
    running.current?.abort();
    const mine = new AbortController();
    running.current = mine;
    setState((was) => ({ ...was, isBusy: true }));
    try {
      const value = await ask(mine.signal);
      if (running.current === mine) setState({ value, fault: null, isBusy: false });
    } catch (fault) {
      if (running.current === mine) setState((was) => ({ ...was, fault, isBusy: false }));
    }
  }, inputs);
  useEffect(() => {
    reload();
    return () => {
      running.current?.abort();
      running.current = null;
    };
  }, [reload]);
  useEffect(() => {
    if (!state.fault?.isOffline) return undefined;
    addEventListener(REACHED, reload);
    return () => removeEventListener(REACHED, reload);
  }, [state.fault, reload]);
  const set = useCallback((value) => setState((was) => ({ ...was, value: typeof value === 'function' ? value(was.value) : value })), []);
  return { ...state, reload, set };
}
