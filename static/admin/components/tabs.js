import { html, useEffect, useRef } from '../view.js';
import { Icon } from './icon.js';

/** Views of one thing, each with an address: `[{ href, label, icon, isCurrent }]`. */
export function Tabs({ label, tabs }) {
  const list = useRef(null);
  const current = tabs.find(({ isCurrent }) => isCurrent)?.href;
  // Where there are more than have room, the current one is among those that are seen.
  useEffect(() => {
    const tab = list.current.querySelector('[aria-current]');
    if (tab) list.current.scrollLeft = tab.offsetLeft - list.current.offsetLeft - list.current.clientWidth / 3;
  }, [current]);
  return html`
    <nav class="tabs" ref=${list} aria-label=${label}>
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
