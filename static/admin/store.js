import { useEffect, useState } from './view.js';

/**
 * One value that several parts of the page watch: `get`, `set` (a value, or a function from the one
 * before), and `use` within components.
 */
export function store(first) {
  let value = first;
  const watchers = new Set();
  const get = () => value;
  const set = (next) => {
    value = typeof next === 'function' ? next(value) : next;
    for (const watch of watchers) watch(() => value);
  };
  const use = () => {
    const [seen, see] = useState(() => value);
    // Before anybody can do anything: who changes it at once would else see it as it was.
    useEffect(() => {
      watchers.add(see);
      // It may have changed between the first drawing and now.
      see(() => value);
      return () => watchers.delete(see);
    }, []);
    return seen;
  };
  return { get, set, use };
}
