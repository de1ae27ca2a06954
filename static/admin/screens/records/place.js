// The address of a list: which records it shows, in which order, and which of them is open over it.
import { amend, go, to, useAddress } from '../../router.js';
import { useMemo } from '../../view.js';

/**
 * `query` has `search`, `filter`, `sort`, `trashed`, and `open`, a record of whichever collection
 * that was followed to from here; the functions change them.
 */
export function usePlace({ name }) {
  const { query } = useAddress();
  const asked = JSON.stringify(query);
  return useMemo(() => placeOf(`/records/${name}`, query), [name, asked]);
}

function placeOf(root, query) {
  // What a new record is copied from (`from`) is no matter of the list.
  const { open: followed, from, ...list } = query;
  return {
    query,
    followed,
    root,
    list,
    openedAt: (id) => to(`${root}/${id}`, list),
    linkTo: (collection, id) => to(root, { ...list, open: `${collection}/${id}` }),
    open: (id) => go(`${root}/${id}`, list),
    make: () => go(`${root}/new`, list),
    close: () => go(root, list),
    // What stood in the box goes; a filter that stands beside words stays.
    ask: (asked) => go(root, { ...list, filter: list.search ? list.filter : '', search: '', ...asked }),
    filter: (filter) => go(root, { ...list, filter }),
    sort: (sort) => amend({ sort }),
    trash: (is) => go(root, { trashed: is ? 'only' : '' }),
    clear: () => go(root, { trashed: list.trashed, sort: list.sort }),
  };
}
