import { html, useEffect, useRef } from '../view.js';
import { Icon } from './icon.js';

/** Views of one thing, each with an address: `[{ href, label, icon, isCurrent }]`. */
export function Tabs({ label, tabs }) {
  const place = useRef(null);
  const current = tabs.find(({ isCurrent }) => isCurrent)?.href;
  // Where they do not all have room, the one that is shown must be among those that have.
  useEffect(() => {
    const tab = place.current.querySelector('[aria-current]');
    if (tab) place.current.scrollLeft = tab.offsetLeft - place.current.offsetLeft - (place.current.clientWidth - tab.offsetWidth) / 2;
  }, [current]);
  return html`
    <nav class="tabs" aria-label=${label} ref=${place}>
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
