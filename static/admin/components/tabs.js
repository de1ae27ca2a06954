import { html } from '../view.js';
import { Icon } from './icon.js';

/** Views of one thing, each with an address: `[{ href, label, icon, isCurrent }]`. */
export function Tabs({ label, tabs }) {
  return html`
    <nav class="tabs" aria-label=${label}>
      ${tabs.map(
        (tab) => html`
          <a key=${tab.href} href=${tab.href} aria-current=${tab.isCurrent ? 'page' : null}>
            ${tab.icon && html`<${Icon} name=${tab.icon} />`}${tab.label}
          </a>
        `,
      )}
    </nav>
  `;
}
