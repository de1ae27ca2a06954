// Whether Stead can be reached: what requests find out, told to the whole page.
import { base } from './base.js';
import { store } from './store.js';

const ASK_EVERY_MS = 5_000;
const LIVE = '/health/live';

const isReached = store(true);
let timer = null;

/** False while requests have no answer. */
export const useReach = isReached.use;

/** An answer has come. */
export function reached() {
  if (isReached.get()) return;
  clearInterval(timer);
  isReached.set(true);
  dispatchEvent(new Event(REACHED));
}

/** No answer has come: from now on Stead is asked until one does. */
export function unreachable() {
  if (!isReached.get()) return;
  isReached.set(false);
  timer = setInterval(ask, ASK_EVERY_MS);
}

/** The event on `window` when Stead is there again. */
export const REACHED = 'stead-reached';

/** Asks whether Stead is there. */
export async function ask() {
  try {
    await fetch(base + LIVE, { cache: 'no-store', credentials: 'omit' });
    reached();
  } catch {
    unreachable();
  }
}

addEventListener('online', () => isReached.get() || ask());
addEventListener('offline', unreachable);
