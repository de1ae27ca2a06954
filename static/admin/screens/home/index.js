import { words } from '../../words/index.js';

/** What is in this instance, and how it is. */
export const home = {
  pattern: '/',
  load: async () => (await import('./home.js')).Home,
  nav: { path: '/', icon: 'house', label: words.nav.home },
  shortcut: 'h',
};
