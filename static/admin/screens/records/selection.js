// Which rows are selected: some of those that are shown, or all that fit.
import { useCallback, useEffect, useMemo, useRef, useState } from '../../view.js';

const NONE = { ids: new Set(), isAll: false };

/**
 * `{ ids, isAll, count, has, set, toggle, all, clear }`. `isAll` stands for every record that fits,
 * shown or not; then `ids` are those that were shown. Other `conditions` begin anew, since nothing is
 * selected that nobody sees.
 */
export function useSelection(rows, total, conditions) {
  const [state, setState] = useState(NONE);
  useEffect(() => setState(NONE), [conditions]);
  const shown = useRef([]);
  shown.current = rows.map(({ id }) => id);
  const last = useRef(null);
  const toggle = useCallback((id, isRange) => {
    const touched = isRange ? between(shown.current, last.current, id) : [id];
    last.current = id;
    setState((was) => toggled(was, touched, id, shown.current));
  }, []);
  const set = useCallback((ids) => setState({ ids: new Set(ids), isAll: false }), []);
  // One that has gone meanwhile, by its own window, is not selected unless it comes back.
  const ids = useMemo(() => rows.filter(({ id }) => state.ids.has(id)).map(({ id }) => id), [state, rows]);
  return {
    ids,
    isAll: state.isAll,
    count: state.isAll ? total : ids.length,
    has: (id) => state.isAll || state.ids.has(id),
    set,
    toggle,
    all: () => setState({ ids: new Set(shown.current), isAll: true }),
    clear: () => setState(NONE),
  };
}

/** All in `touched` become what `id` was not. Without one of them, "all that fit" are those that are shown. */
function toggled({ ids, isAll }, touched, id, shown) {
  const kept = isAll ? shown : Array.from(ids);
  const isSelected = isAll || ids.has(id);
  return { ids: new Set(isSelected ? kept.filter((other) => !touched.includes(other)) : [...kept, ...touched]), isAll: false };
}

function between(ids, from, to) {
  const ends = [ids.indexOf(from), ids.indexOf(to)];
  if (ends.includes(-1)) return [to];
  return ids.slice(Math.min(...ends), Math.max(...ends) + 1);
}
