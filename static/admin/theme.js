// Light, dark, or as the system has it; remembered in this browser.
import { store } from './store.js';

const KEY = 'stead-theme';

const theme = store(localStorage.getItem(KEY) ?? 'system');
show(theme.get());

/** `system`, `light` or `dark`. */
export const useTheme = theme.use;

export function setTheme(next) {
  localStorage.setItem(KEY, next);
  show(next);
  theme.set(next);
}

function show(next) {
  document.documentElement.dataset.theme = next;
}
