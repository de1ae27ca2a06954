// What was typed and not saved, kept in this browser until it is saved or discarded: over a reload,
// closing and leaving. One draft per user, collection and record.
import { forget, keep, readKept } from '../../kept.js';

const PREFIX = 'stead-draft';

/** Where the draft of a record is kept. */
export function draftKey(user, collection, id) {
  return [PREFIX, user.id, collection, id].join(':');
}

/**
 * `{ at, version, opened, typed }`, or null: when it was made, on which version of the record, what
 * the fields held then, and what was typed into them, by the names of the fields that were changed.
 */
export const readDraft = readKept;

/** Keeps a draft, or drops it where nothing is changed. False where the browser has no room for it. */
export function keepDraft(key, draft) {
  if (Object.keys(draft.typed).length > 0) return keep(key, draft);
  forget(key);
  return true;
}

/** Forgets it. */
export const dropDraft = forget;

/**
 * The record that a draft was made on, as far as its fields go: what is stored now, but with the
 * version and the values that were there when somebody began to type. Saving it then is refused
 * where the record has changed since, and the conflict shows what it was.
 */
export function recordOfDraft(stored, draft) {
  return { ...stored, ...draft.opened, version: draft.version };
}
