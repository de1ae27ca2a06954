import { words } from '../../words/index.js';
import { Settings } from './screen.js';

/** The settings that this instance runs with. */
export const settings = {
  pattern: '/settings',
  Screen: Settings,
  nav: { path: '/settings', icon: 'settings', label: words.settings.title, needs: 'system:settings:read' },
  shortcut: 's',
};
