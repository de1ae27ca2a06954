import { sprite } from '../base.js';
import { html } from '../view.js';

/** A picture of the sprite, by its name there. It says nothing that the words beside it do not say. */
export function Icon({ name }) {
  return html`<svg class="icon" aria-hidden="true"><use href=${`${sprite}#${name}`} /></svg>`;
}
