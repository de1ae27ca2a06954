// The collections of this instance, as the caller may see them: loaded once, shared by all screens.
import { allItems } from './pages.js';
import { REACHED } from './reach.js';
import { store } from './store.js';
import { useEffect } from './view.js';

const PATH = '/api/system/collections';

/** `items` is undefined until they are there. */
const definitions = store({ items: undefined, fault: null, isBusy: false });

/** `{ items, fault, isBusy }`, loaded when the first component asks for them. */
export function useDefinitions() {
  const state = definitions.use();
  useEffect(() => {
    if (!definitions.get().items && !definitions.get().isBusy) reloadDefinitions();
  }, []);
  return state;
}

/** One of them by the table's name, or undefined. */
export function useDefinition(name) {
  return useDefinitions().items?.find((item) => item.name === name);
}

/** Loads them anew, behind what is there. */
export async function reloadDefinitions() {
  definitions.set((was) => ({ ...was, isBusy: true }));
  try {
    definitions.set({ items: await allItems(PATH), fault: null, isBusy: false });
  } catch (fault) {
    definitions.set((was) => ({ ...was, fault, isBusy: false }));
  }
}

/** Forgets them: another user sees others. */
export function forgetDefinitions() {
  definitions.set({ items: undefined, fault: null, isBusy: false });
}

addEventListener(REACHED, () => definitions.get().fault?.isOffline && reloadDefinitions());
