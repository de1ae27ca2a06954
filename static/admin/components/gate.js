import { html } from '../view.js';
import { words } from '../words/index.js';
import { Icon } from './icon.js';

/** The frame of the screens before the work begins: the name, and one panel in the middle. */
export function Gate({ children }) {
  return html`
    <div class="gate">
      <header class="brand"><${Icon} name="house" /> ${words.product}</header>
      <main class="panel-box">${children}</main>
    </div>
  `;
}
