import { html } from '../view.js';
import { Icon } from './icon.js';

/** What stands where there is nothing yet: what that means, and the next step (`children`). */
export function Empty({ icon, title, lead, children }) {
  return html`
    <div class="empty">
      <${Icon} name=${icon} />
      <h2>${title}</h2>
      ${lead && html`<p>${lead}</p>`}
      ${children && html`<div class="actions">${children}</div>`}
    </div>
  `;
}
