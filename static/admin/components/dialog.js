import { store } from '../store.js';
import { html, useEffect, useId, useRef } from '../view.js';
import { words } from '../words/index.js';
import { IconButton } from './button.js';
import { Toasts } from './toasts.js';

/** The windows that are open, `{ id, element }`, the topmost last. */
const open = store([]);
let isAway = false;

/**
 * Takes all windows out of the way, and brings them back: one that is open lets nothing else be
 * reached, even where nobody sees it.
 */
export function hideWindows(isHidden) {
  isAway = isHidden;
  for (const { element } of open.get()) {
    if (isHidden) element.close();
    else if (!element.open) element.showModal();
  }
}

/**
 * A window over the page: what is behind it cannot be reached, Escape closes it, and the focus goes
 * back to where it was. `shape` is `dialog` (in the middle), `panel` (from the right, the whole
 * screen on a phone) or `drawer` (from the left). A click beside it closes it as well, unless it
 * `stays`, because what is in it would be lost. `actions` stand beside the title, `footer` below.
 */
export function Dialog({ title, onClose, shape = 'dialog', stays = false, actions, footer, children }) {
  const dialog = useRef(null);
  const id = useId();
  const isTop = open.use().at(-1)?.id === id;
  useEffect(() => {
    const before = document.activeElement;
    const element = dialog.current;
    if (!isAway) element.showModal();
    open.set((was) => [...was, { id, element }]);
    return () => {
      open.set((was) => was.filter((other) => other.id !== id));
      // As long as it is open, nothing behind it takes the focus.
      element.close();
      if (before?.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  useTitle(title);
  const cancel = (event) => {
    // The state decides whether it closes, not the browser.
    event.preventDefault();
    if (event.target === dialog.current) onClose();
  };
  const press = (event) => {
    if (event.target !== dialog.current) return;
    // It would take the focus from where it belongs.
    event.preventDefault();
    // The second of two clicks was meant for what is behind it.
    if (!stays && event.detail < 2) onClose();
  };
  return html`
    <dialog class=${shape} ref=${dialog} aria-labelledby=${id} onCancel=${cancel} onMouseDown=${press}>
      <div class="dialog-inner">
        <header class="dialog-head">
          <h2 id=${id} tabindex="-1" autofocus>${title}</h2>
          <div class="actions">${actions}<${IconButton} icon="x" label=${words.close} onClick=${onClose} /></div>
        </header>
        <div class="dialog-body">${children}</div>
        ${footer && html`<footer class="dialog-foot">${footer}</footer>`}
      </div>
      ${isTop && html`<${Toasts} />`}
    </dialog>
  `;
}

/** Messages of the page itself; while a window is open they stand in it, since nothing else can be reached. */
export function PageToasts() {
  return open.use().length === 0 && html`<${Toasts} />`;
}

/** The page is called by what is on top. */
function useTitle(title) {
  useEffect(() => {
    const before = document.title;
    document.title = words.title(title);
    return () => {
      document.title = before;
    };
  }, [title]);
}
