import { words } from '../../words/index.js';

/** The accounts of this instance. */
export const users = {
  pattern: '/users/:id?',
  load: async () => (await import('./screen.js')).Users,
  nav: { path: '/users', icon: 'users', label: words.users.title, needs: 'users:read' },
  shortcut: 'u',
};
