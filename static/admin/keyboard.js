// What keys mean depends on where they are pressed.
import { useEffect } from './view.js';

/** True for keys that are text, belong to the browser, or to a window that is open. */
export function isTyped({ target, ctrlKey, metaKey, altKey }) {
  const isWindow = document.querySelector('dialog[open]');
  return ctrlKey || metaKey || altKey || isWindow || target.closest?.('input, textarea, select, [contenteditable]');
}

/** Ctrl+S and Cmd+S do `save` wherever the focus is, but only for what is in the topmost window; `place` is a ref to something of it. */
export function useSaveKey(place, save) {
  useEffect(() => {
    const press = (event) => {
      if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      const top = Array.from(document.querySelectorAll('dialog[open]')).at(-1);
      // What is on the page itself is within no window.
      if ((place?.current?.closest('dialog') ?? undefined) !== top) return;
      event.preventDefault();
      save();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  });
}
