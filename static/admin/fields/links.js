import { to } from '../router.js';

/** The address of a record's own place: an account is among the users. */
export function recordHref(collection, id) {
  return to(collection === 'users' ? `/users/${id}` : `/records/${collection}/${id}`);
}
