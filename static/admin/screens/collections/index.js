import { words } from '../../words/index.js';

/** The collections of this instance. */
export const collections = {
  pattern: '/collections',
  load: async () => (await import('./list.js')).Collections,
  nav: { path: '/collections', icon: 'database', label: words.nav.collections },
  shortcut: 'c',
};
