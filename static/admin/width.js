// How wide the window is, in CSS pixels, as it changes.
import { store } from './store.js';

const width = store(innerWidth);

export const useWidth = width.use;

// While it is drawn by its edge, nothing follows yet.
const PAUSE_MS = 150;
let timer;

addEventListener('resize', () => {
  clearTimeout(timer);
  timer = setTimeout(() => innerWidth !== width.get() && width.set(innerWidth), PAUSE_MS);
});
