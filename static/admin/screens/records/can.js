// What the caller may do with the records of a collection, as far as the definition says; what it
// does not say is for the server to refuse.

// Accounts are made, changed and deleted on a screen of their own, one by one.
const OF_ACCOUNTS = ['list', 'view'];

/** A function from `create`, `update`, `delete`, `restore`, `trash`, `purge`, `change` to whether that may be tried. */
export function rightsOf({ name, can }) {
  return (action) => (name !== 'users' || OF_ACCOUNTS.includes(action)) && (can?.[action] ?? true);
}
