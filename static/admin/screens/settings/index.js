import { words } from '../../words/index.js';

/** The settings that this instance runs with. */
export const settings = {
  pattern: '/settings',
  load: async () => (await import('./screen.js')).Settings,
  nav: { path: '/settings', icon: 'settings', label: words.settings.title, needs: 'system:settings:read' },
  shortcut: 's',
};
