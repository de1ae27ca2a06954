import { store } from '../store.js';
import { html, useEffect, useRef, useState } from '../view.js';
import { words } from '../words/index.js';
import { Button, IconButton } from './button.js';
import { sentence } from './fault-notice.js';
import { Icon } from './icon.js';

const SHOWN_MS = 10_000;
const ICONS = { success: 'circle-check', danger: 'circle-alert', info: 'info' };

const toasts = store([]);
let last = 0;

/**
 * Says what happened, for 10 seconds or until it is closed; as long as the pointer or the focus is
 * on it, it stays. With `undo` (a function that may throw a Fault) it offers to take it back, and
 * then says `undone`.
 */
export function say(text, { kind = 'success', undo, undone = words.undone(text), link } = {}) {
  last += 1;
  toasts.set((was) => [...was.slice(-2), { id: last, text, kind, undo, undone, link }]);
}

/** Says why something did not work. Faults of ended requests are nobody's news. */
export function sayFault(fault) {
  if (fault.name === 'AbortError') return;
  const text = fault.issues?.[0]?.message ?? sentence(fault);
  say(fault.status >= 500 && fault.requestId ? `${text} ${words.requestId} ${fault.requestId}` : text, { kind: 'danger' });
}

/** Where they appear: once on the page. */
export function Toasts() {
  const all = toasts.use();
  return html`
    <div class="toasts" role="status" aria-live="polite" aria-label=${words.messages}>
      ${all.map((toast) => html`<${Toast} key=${toast.id} ...${toast} />`)}
    </div>
  `;
}

function Toast({ id, text, kind, undo, undone, link }) {
  const [isHeld, hold] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const element = useRef(null);
  const close = () => toasts.set((was) => was.filter((toast) => toast.id !== id));
  useEffect(() => {
    if (isHeld || isBusy) return undefined;
    const timer = setTimeout(close, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isHeld, isBusy]);
  const takeBack = async () => {
    setBusy(true);
    try {
      await undo();
      close();
      say(undone);
    } catch (fault) {
      close();
      sayFault(fault);
    }
  };
  return html`
    <div
      class=${`toast toast-${kind}`}
      ref=${element}
      onPointerEnter=${() => hold(true)}
      onPointerLeave=${() => hold(false)}
      onFocusIn=${() => hold(true)}
      onFocusOut=${() => hold(false)}
    >
      <${Icon} name=${ICONS[kind]} />
      <p>${text}</p>
      ${link && html`<a class="button button-quiet" href=${link.href}>${link.label}</a>`}
      ${undo && html`<${Button} kind="quiet" icon="undo-2" busy=${isBusy && words.undoing} onClick=${takeBack}>${words.undo}<//>`}
      <${IconButton} icon="x" label=${words.close} onClick=${close} />
    </div>
  `;
}
