import { count } from './count.js';

/** The list of collections. */
export const collections = {
  title: 'Collections',
  busy: 'Loading collections',
  total: (n) => count(n, 'collection', 'collections'),
  fields: (n) => count(n, 'field', 'fields'),
  more: 'Show more',
  moreBusy: 'Loading more',
  empty: 'No collections yet',
  emptyLead: 'A collection is a table with an API of its own. Make the first one from a terminal:',
  emptyThen: 'Then load this list again.',
  reload: 'Load again',
  yourPassword: 'YOUR PASSWORD',
  notAllowed: 'Your account may not see the collections. Ask an administrator for a role that allows it.',
};
