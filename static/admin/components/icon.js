import { html } from '../view.js';

const SPRITE = new URL('../icons.svg', import.meta.url).href;

/** A picture of the sprite `icons.svg`. It says nothing that the words beside it do not say. */
export function Icon({ name }) {
  return html`<svg class="icon" aria-hidden="true"><use href=${`${SPRITE}#${name}`} /></svg>`;
}
