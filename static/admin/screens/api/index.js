import { words } from '../../words/index.js';

/** How programs use a collection: every call, ready to paste and to try. */
export const api = {
  pattern: '/api/:collection?',
  load: async () => (await import('./api.js')).Api,
  nav: { path: '/api', icon: 'code-xml', label: words.nav.api },
  shortcut: 'a',
};
