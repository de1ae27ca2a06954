// How wide the window is, in CSS pixels, as it changes.
import { store } from './store.js';

const width = store(innerWidth);

export const useWidth = width.use;

addEventListener('resize', () => {
  if (innerWidth !== width.get()) width.set(innerWidth);
});
