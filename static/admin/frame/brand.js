import { Icon } from '../components/icon.js';
import { html } from '../view.js';
import { words } from '../words/index.js';

/** The name of the product, which leads home. */
export function Brand() {
  return html`<a class="brand" href="#/"><${Icon} name="house" /> ${words.product}</a>`;
}
