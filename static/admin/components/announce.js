/** Says `text` to screen readers, without showing it. */
export function announce(text) {
  document.getElementById('live').textContent = text;
}
