import { useEffect, useRef } from '../../view.js';

/** Puts the focus into the first input of an element. */
export function focusIn(element) {
  element?.querySelector('input:not([disabled]), textarea, select')?.focus();
}

/**
 * What had the focus may go with what it did (a value is cleared, a change taken back): then the
 * focus goes to the field that it belonged to, or else to the title of the window. The result is to
 * be told where the focus goes within `place`.
 */
export function useFocusKept(place) {
  const field = useRef(null);
  useEffect(() => {
    const dialog = place.current?.closest('dialog');
    if (!dialog || document.activeElement !== document.body) return;
    if (field.current?.isConnected) focusIn(field.current);
    else dialog.querySelector('h2').focus({ preventScroll: true });
  });
  return (event) => {
    field.current = event.target.closest('[data-field]');
  };
}

/** In a new record one begins to type; an old one is read first. */
export function Started({ form, isNew }) {
  useEffect(() => {
    if (isNew) focusIn(form.current);
  }, []);
  return null;
}
