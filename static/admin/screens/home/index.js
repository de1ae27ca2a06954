import { words } from '../../words/index.js';
import { Home } from './home.js';

/** What is in this instance, and how it is. */
export const home = {
  pattern: '/',
  Screen: Home,
  nav: { path: '/', icon: 'house', label: words.nav.home },
  shortcut: 'h',
};
