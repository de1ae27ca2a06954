// Changes of roles that are not saved yet. They outlive the screen, so that one may look at another
// in between.
import { store } from '../../store.js';

/** By the role's name: `{ base, permissions }`, the role as it was, and what it is to allow. */
const drafts = store({});

/** All of them. */
export const useDrafts = drafts.use;

/** Keeps what `base` is to allow. What is as it was needs no keeping. */
export function keepDraft(base, permissions) {
  drafts.set(({ [base.name]: _, ...others }) => (isSame(base.permissions, permissions) ? others : { ...others, [base.name]: { base, permissions } }));
}

/** Forgets what was to become of a role. */
export function dropDraft(name) {
  drafts.set(({ [name]: _, ...others }) => others);
}

/** True where two lists allow the same by the same names. */
export function isSame(one, other) {
  return one.length === other.length && one.every((permission) => other.includes(permission));
}
