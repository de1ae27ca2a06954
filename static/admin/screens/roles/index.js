import { words } from '../../words/index.js';
import { Roles } from './screen.js';

/** What users may do, by the roles that they have. */
export const roles = {
  pattern: '/roles/:name?',
  Screen: Roles,
  nav: { path: '/roles', icon: 'shield', label: words.roles.title, needs: 'system:roles:read' },
  shortcut: 'r',
};
