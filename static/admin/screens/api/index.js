import { words } from '../../words/index.js';
import { Api } from './api.js';

/** How programs use a collection: every call, ready to paste and to try. */
export const api = {
  pattern: '/api/:collection?',
  Screen: Api,
  nav: { path: '/api', icon: 'code-xml', label: words.nav.api },
  shortcut: 'a',
};
