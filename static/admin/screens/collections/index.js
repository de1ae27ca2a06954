import { words } from '../../words/index.js';
import { Collections } from './list.js';

/** The collections of this instance. */
export const collections = {
  pattern: '/collections',
  Screen: Collections,
  nav: { path: '/collections', icon: 'database', label: words.nav.collections },
  shortcut: 'c',
};
