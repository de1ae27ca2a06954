import { html } from '../view.js';
import { words } from '../words/index.js';
import { Button } from './button.js';

/** The foot of a list of pages (`usePages`): how many there are, and the way to those below, called by `label`. */
export function More({ list, total, label = words.more }) {
  return html`
    <div class="actions">
      ${list.value.next !== null && html`<${Button} busy=${list.isMoreBusy && words.moreBusy} onClick=${list.more}>${label}<//>`}
      <p class="total" role="status">${total}</p>
    </div>
  `;
}
