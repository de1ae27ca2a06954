import { store } from '../store.js';
import { html, useEffect, useId, useRef } from '../view.js';
import { words } from '../words/index.js';
import { IconButton } from './button.js';
import { Toasts } from './toasts.js';

/** The ids of the windows that are open, the topmost last. */
const open = store([]);

/**
 * A window over the page: what is behind it cannot be reached, Escape and a click beside it close
 * it, and the focus goes back to where it was. `shape` is `dialog` (in the middle), `panel` (from
 * the right, the whole screen on a phone) or `drawer` (from the left). `actions` stand beside the
 * title, `footer` below.
 */
export function Dialog({ title, onClose, shape = 'dialog', actions, footer, children }) {
  const dialog = useRef(null);
  const id = useId();
  const isTop = open.use().at(-1) === id;
  useEffect(() => {
    const before = document.activeElement;
    const element = dialog.current;
    element.showModal();
    open.set((was) => [...was, id]);
    return () => {
      open.set((was) => was.filter((other) => other !== id));
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
  const beside = (event) => event.target === dialog.current && onClose();
  return html`
    <dialog class=${shape} ref=${dialog} aria-labelledby=${id} onCancel=${cancel} onPointerDown=${beside}>
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
