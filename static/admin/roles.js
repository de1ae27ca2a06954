// The roles of this instance, for all screens that give or show them.
import { allItems } from './pages.js';

const PATH = '/api/system/roles';

/** The path of one role. */
export const rolePath = (name) => `${PATH}/${encodeURIComponent(name)}`;

/** Where roles are made. */
export const ROLES = PATH;

/** All roles, by name. */
export function allRoles(signal) {
  return allItems(PATH, signal);
}
