import { api } from '../../api.js';
import { useEffect, useState } from '../../view.js';

const WAIT_MS = 300;

/**
 * What a rule that is written would cost, in words; empty where it costs little, or nobody can say.
 * `asked` is `{ collection, rule, for }`, or null as long as the rule is not understood.
 */
export function useLiveCost(asked) {
  const [cost, setCost] = useState('');
  useEffect(() => {
    setCost('');
    if (!asked) return undefined;
    const mine = new AbortController();
    const ask = async () => {
      try {
        const { data } = await api.post('/api/system/rules/test', asked, { signal: mine.signal });
        if (!mine.signal.aborted) setCost(data.warnings.map(({ message }) => message).join(' '));
      } catch {
        // The rule is told of at its own place; what it costs is told again when it is saved.
      }
    };
    const timer = setTimeout(ask, WAIT_MS);
    return () => {
      clearTimeout(timer);
      mine.abort();
    };
  }, [JSON.stringify(asked)]);
  return cost;
}
