// What single keys mean depends on where they are pressed.

/** True for keys that are text, belong to the browser, or to a window that is open. */
export function isTyped({ target, ctrlKey, metaKey, altKey }) {
  const isWindow = document.querySelector('dialog[open]');
  return ctrlKey || metaKey || altKey || isWindow || target.closest?.('input, textarea, select, [contenteditable]');
}
