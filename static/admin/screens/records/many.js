// Work on many records, in pieces that one request takes; what a piece does is done as a whole.
import { api, withQuery } from '../../api.js';

const PIECE = 100;

/**
 * Does `act(piece)` for all of `ids`, one piece behind the other, and waits where the server says
 * that it is too much at once. Resolves to `{ done, fault }`: the ids that are done, and what ended
 * it before the last. `onProgress` gets how many are done.
 */
export async function inPieces(ids, act, { onProgress, size = PIECE } = {}) {
  const done = [];
  while (done.length < ids.length) {
    const piece = ids.slice(done.length, done.length + size);
    try {
      await patiently(() => act(piece));
    } catch (fault) {
      return { done, fault };
    }
    done.push(...piece);
    onProgress?.(done.length);
  }
  return { done, fault: null };
}

/** The records of these ids, with `part` (`fields`, `expand`, `trashed`) of them. */
export async function readMany(path, ids, part) {
  const records = [];
  const { fault } = await inPieces(ids, async (piece) => {
    const { data } = await api.get(path, { ...part, 'id[in]': piece.join(','), pageSize: PIECE, count: 'none' });
    records.push(...data.items);
  });
  if (fault) throw fault;
  return records;
}

/** The ids of all records that fit. */
export async function allIds(path, conditions, { onProgress } = {}) {
  const ids = [];
  let cursor = '';
  do {
    const address = withQuery(path, { ...conditions, sort: '-createdAt', fields: 'id', pageSize: PIECE, cursor });
    const { data } = await patiently(() => api.get(cursor === '' ? `${address}&cursor=` : address));
    ids.push(...data.items.map(({ id }) => id));
    cursor = data.pagination.nextCursor;
    onProgress?.(ids.length);
  } while (cursor !== null);
  return ids;
}

/** Deletes them as the collection does. */
export const removeMany = (path, ids, options) => inPieces(ids, (piece) => api.remove(path, named(piece)), options);

/** Deletes them for good, one by one, since that is the only way. */
export const purgeMany = (path, ids, options) =>
  inPieces(ids, ([id]) => api.remove(`${path}/${id}`, { hard: true }), { ...options, size: 1 });

/** Brings them back: the oldest first, since a record does not come back before the one that it is under. */
export const restoreMany = (path, ids, options) =>
  inPieces([...ids].sort(), (piece) => batch(piece.map((id) => ({ method: 'POST', path: `${path}/${id}/restore` }))), options);

/** Changes them alike. */
export const changeMany = (path, ids, body, options) =>
  inPieces(ids, (piece) => api.patchAll(path, named(piece), body), options);

/** Changes each to its own: `bodies` by id; with `version` in one, only if that is still so. */
export const changeEach = (path, bodies, options) =>
  inPieces(
    Array.from(bodies.keys()),
    (piece) => batch(piece.map((id) => ({ method: 'PATCH', path: `${path}/${id}`, body: bodies.get(id) }))),
    options,
  );

function batch(operations) {
  return api.post('/api/batch', { operations });
}

/** The server refuses where another number of records fits, because one has gone meanwhile. */
function named(ids) {
  return { 'id[in]': ids.join(','), expect: ids.length };
}

async function patiently(act) {
  for (;;) {
    try {
      return await act();
    } catch (fault) {
      if (fault.status !== 429 || fault.retryAfter === null) throw fault;
      await pause(fault.retryAfter + 1);
    }
  }
}

function pause(seconds) {
  return new Promise((resolve) => {
    setTimeout(resolve, seconds * 1000);
  });
}
