/** The account of who is signed in; its way is the own name, below the navigation. */
export const account = {
  pattern: '/account',
  load: async () => (await import('./screen.js')).Account,
};
