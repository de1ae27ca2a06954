import { words } from '../../words/index.js';

/** What users may do, by the roles that they have. */
export const roles = {
  pattern: '/roles/:name?',
  load: async () => (await import('./screen.js')).Roles,
  nav: { path: '/roles', icon: 'shield', label: words.roles.title, needs: 'system:roles:read' },
  shortcut: 'r',
};
