// The rows of a list: the first of them, more behind them, and what has changed since in place.
import { api, withQuery } from '../../api.js';
import { useLoad } from '../../load.js';
import { recordsPath } from '../../names.js';
import { countOf } from '../../pages.js';
import { useCallback, useMemo, useRef, useState } from '../../view.js';
import { readMany } from './many.js';

const PAGE = 50;
const LONGEST = 100;

/**
 * `{ load, rows, isCurrent, hasMore, total, isMoreBusy, moreFault, more, merge, refresh, hide, unhide,
 * prepend }`. Rows keep their places, whatever happens to them: one that is gone is hidden, so that
 * it can come back there. While `isCurrent` is false they are those of the question before.
 *
 * `conditions` say which records, `order` in which order, `part` what of them (`request.js`).
 */
export function useRecords(definition, { conditions, order, part }) {
  const path = recordsPath(definition.name);
  const asked = JSON.stringify({ path, conditions, order });
  const shown = useRef({ asked, count: 0 });
  if (shown.current.asked !== asked) shown.current = { asked, count: 0 };
  const [hidden, setHidden] = useState(new Set());

  const read = async (signal) => {
    const value = await readRows({ path, ...conditions, ...part }, order, shown.current.count, signal);
    setHidden(new Set());
    return { ...value, asked };
  };
  const load = useLoad(read, [asked, JSON.stringify(part)]);
  const { value, set } = load;
  // Until the answer to this question is there, that to the last one stays, so that nothing jumps.
  const isCurrent = value?.asked === asked;
  const rows = useMemo(() => (value ? value.items.filter(({ id }) => !hidden.has(id)) : []), [value, hidden]);
  if (isCurrent) shown.current.count = value.items.length;
  const { total, change } = useTotal(path, conditions, isCurrent, isCurrent && !value.next ? value.items.length : null);
  const readAgain = (ids) => readMany(path, ids, { ...part, trashed: conditions.trashed });
  return {
    load,
    rows,
    isCurrent,
    hasMore: isCurrent && value.next !== null,
    total: total === null ? null : total - hidden.size,
    ...useMore({ path, ...conditions, ...part }, value?.next, set),
    ...useChanges({ load, hidden, setHidden, readAgain, onMade: () => change(1) }),
  };
}

/** What has become of single rows: nothing here moves another one. */
function useChanges({ load, hidden, setHidden, readAgain, onMade }) {
  const { value, set, reload } = load;
  // Undoing is offered for a while, in which the list may have become another.
  const latest = useRef([]);
  latest.current = value?.items ?? [];
  const merge = useCallback((records) => set((was) => was && { ...was, items: merged(was.items, records) }), [set]);
  const refresh = async (ids) => merge(await readAgain(ids));
  const hide = (ids) => {
    setHidden((was) => new Set([...was, ...ids]));
    // Where nothing is left of what is shown, what follows comes in its place.
    if (value?.next && value.items.every(({ id }) => hidden.has(id) || ids.includes(id))) reload();
  };
  const unhide = async (ids) => {
    const known = new Set(latest.current.map(({ id }) => id));
    if (!ids.every((id) => known.has(id))) return reload();
    setHidden((was) => new Set([...was].filter((id) => !ids.includes(id))));
    return refresh(ids);
  };
  const prepend = async (id) => {
    const [record] = await readAgain([id]);
    if (!record) return;
    onMade();
    set((was) => was && { ...was, items: [record, ...was.items.filter((item) => item.id !== id)] });
  };
  return { merge, refresh, hide, unhide, prepend };
}

/** More rows behind those that are there. */
function useMore(asked, next, set) {
  const [isMoreBusy, setBusy] = useState(false);
  const [moreFault, setFault] = useState(null);
  const more = async () => {
    setBusy(true);
    setFault(null);
    try {
      const page = await readPage(asked, next, PAGE);
      set((was) => (was.next === next ? { ...was, items: appended(was.items, page.items), next: page.next } : was));
    } catch (fault) {
      setFault(fault);
    }
    setBusy(false);
  };
  return { isMoreBusy, moreFault, more };
}

/** How many there are in all: asked apart, once the rows stand, and not where they are all there. */
function useTotal(path, conditions, isThere, known) {
  const [drift, setDrift] = useState(0);
  const asked = JSON.stringify([path, conditions, isThere, known === null]);
  const { value } = useLoad(async (signal) => {
    setDrift(0);
    if (!isThere || known !== null) return null;
    return { asked, count: await countOf(path, { ...conditions, count: 'exact' }, signal) };
  }, [asked]);
  const count = value?.asked === asked ? value.count + drift : null;
  return { total: known ?? count, change: (by) => setDrift((was) => was + by) };
}

async function readRows(asked, { sort, isRanked }, wanted, signal) {
  const items = [];
  let next = isRanked ? { sort, page: 1, count: 'none' } : { sort, cursor: '' };
  do {
    const page = await readPage(asked, next, Math.min(LONGEST, Math.max(PAGE, wanted - items.length)), signal);
    items.push(...page.items);
    next = page.next;
  } while (next && items.length < wanted);
  return { items, next };
}

async function readPage({ path, ...asked }, at, pageSize, signal) {
  // An empty cursor asks for the first page; parameters that are empty are left out otherwise.
  const address = withQuery(path, { ...asked, ...at, pageSize }) + (at.cursor === '' ? '&cursor=' : '');
  const { data } = await api.get(address, {}, { signal });
  const { nextCursor, hasNextPage } = data.pagination;
  const following = at.page ? { ...at, page: at.page + 1 } : { ...at, cursor: nextCursor };
  return { items: data.items, next: hasNextPage ? following : null };
}

/** Pages of a ranking may overlap where something has changed between them. */
function appended(items, more) {
  const known = new Set(items.map(({ id }) => id));
  return [...items, ...more.filter(({ id }) => !known.has(id))];
}

function merged(items, records) {
  const changed = new Map(records.map((record) => [record.id, record]));
  return items.map((item) => (changed.has(item.id) ? { ...item, ...changed.get(item.id) } : item));
}
