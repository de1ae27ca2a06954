import { html } from '../view.js';

/** A short word in a frame; `kind` is `plain`, `accent`, `success`, `warning` or `danger`. */
export function Tag({ kind = 'plain', children }) {
  return html`<span class=${`tag tag-${kind}`}>${children}</span>`;
}
