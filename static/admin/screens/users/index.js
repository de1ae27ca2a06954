import { words } from '../../words/index.js';
import { Users } from './screen.js';

/** The accounts of this instance. */
export const users = {
  pattern: '/users/:id?',
  Screen: Users,
  nav: { path: '/users', icon: 'users', label: words.users.title, needs: 'users:read' },
  shortcut: 'u',
};
