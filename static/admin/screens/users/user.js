// What all parts of this screen know of a user.
import { sentence } from '../../components/fault-notice.js';
import { say } from '../../components/toasts.js';
import { lacking } from '../../permissions.js';
import { words } from '../../words/index.js';

/** The path of all users. */
export const USERS = '/api/v1/users';

/** The path of a user, or of what is done to one. */
export const userPath = (id, act) => `${USERS}/${id}${act ? `/${act}` : ''}`;

/** The path of a user's sessions. */
export const sessionsPath = (id) => `/api/system/users/${id}/sessions`;

/** Whether who would sign in to a user's account has to wait. */
export const lockoutPath = (id) => `/api/system/users/${id}/lockout`;

/** The screen's own words for refusals, by code. */
export const EXPLAIN = words.users.explain;

/** Says why something was not done to a user. */
export function sayRefusal(fault) {
  if (fault.name !== 'AbortError') say(EXPLAIN[fault.code] ?? sentence(fault), { kind: 'danger' });
}

/** What a role (of `roles`, all that are known) allows beyond what `held` does. */
export function beyond(roles, names, held) {
  const allowed = roles.filter(({ name }) => names.includes(name)).flatMap(({ permissions }) => permissions);
  return lacking(held, Array.from(new Set(allowed)));
}
