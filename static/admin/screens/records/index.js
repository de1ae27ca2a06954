/** The records of a collection, and each of them in a panel over the list. The navigation has a link for each collection. */
export const records = {
  pattern: '/records/:collection/:id?/:view?',
  load: async () => (await import('./screen.js')).Records,
};
