import { words } from '../../words/index.js';

/** The collections of this instance: the list, the picture of them, and the editor of each. */
export const collections = {
  pattern: '/collections/:name?/:tab?',
  load: async () => (await import('./screen.js')).Collections,
  nav: { path: '/collections', icon: 'database', label: words.nav.collections },
  shortcut: 'c',
};
