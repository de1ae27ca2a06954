import { api } from './api.js';
import { sayFault } from './components/toasts.js';
import { useLoad } from './load.js';
import { useState } from './view.js';

// The most that a page of the API has.
const LARGEST = 100;

/**
 * A list that is shown page by page, each below the one before. What `useLoad` gives, where `value`
 * is `{ items, total, next }`; `more()` loads the next page while `next` is not null, `isMoreBusy`
 * meanwhile. `key` is what names an item; where `again` has changed, all is loaded anew.
 */
export function usePages(path, query, { key = 'id', again } = {}) {
  const load = useLoad((signal) => ask(path, query, 1, signal), [path, JSON.stringify(query), again]);
  const [isMoreBusy, setMoreBusy] = useState(false);
  const more = async () => {
    setMoreBusy(true);
    try {
      const next = await ask(path, query, load.value.next);
      // Of another list by now, if the conditions have changed meanwhile.
      load.set((was) => (was === load.value ? joined(was, next, key) : was));
    } catch (fault) {
      sayFault(fault);
    }
    setMoreBusy(false);
  };
  return { ...load, more, isMoreBusy };
}

/** The list with one of its items changed by `change`; gone where that gives null. */
export function withItem(list, id, change) {
  const items = list.items.map((item) => (item.id === id ? change(item) : item)).filter(Boolean);
  return { ...list, items, total: list.total - (list.items.length - items.length) };
}

/** All items of a list that is short enough to be asked for as a whole. */
export async function allItems(path, signal) {
  const items = [];
  for (let page = 1; page !== null; ) {
    const { next, ...found } = await ask(path, { pageSize: LARGEST }, page, signal);
    items.push(...found.items);
    page = next;
  }
  return items;
}

/** How many records fit. */
export async function countOf(path, query, signal) {
  const { data } = await api.get(path, { ...query, pageSize: 1, fields: 'id' }, { signal });
  return data.pagination.totalItems;
}

async function ask(path, query, page, signal) {
  const { data } = await api.get(path, { ...query, page }, { signal });
  return { items: data.items, total: data.pagination.totalItems, next: data.pagination.hasNextPage ? page + 1 : null };
}

/** What came first stays where it is; an item that has moved over the edge comes once. */
function joined(before, next, key) {
  const known = new Set(before.items.map((item) => item[key]));
  return { ...next, items: [...before.items, ...next.items.filter((item) => !known.has(item[key]))] };
}
