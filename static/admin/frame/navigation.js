import { Icon } from '../components/icon.js';
import { QuickSearch } from '../components/search-field.js';
import { useDefinitions } from '../definitions.js';
import { to, useAddress } from '../router.js';
import { screens } from '../screens/index.js';
import { useAllows, useUser } from '../session.js';
import { html, useEffect, useRef, useState } from '../view.js';
import { words } from '../words/index.js';
import { Account } from './account.js';

// From so many on, a list is searched rather than read.
const SEARCHED_FROM = 8;

/** The ways to all screens that the user may see, and to the records of each collection. */
export function Navigation({ onLeave }) {
  const allows = useAllows();
  const entries = screens.map(({ nav }) => nav).filter((nav) => nav && (!nav.needs || allows(nav.needs)));
  return html`
    <nav class="navigation" aria-label=${words.nav.label} onClick=${(event) => event.target.closest('a') && onLeave?.()}>
      <ul>
        ${entries.map((entry) => html`<${Entry} key=${entry.path} ...${entry} />`)}
      </ul>
      <${Collections} />
    </nav>
    <${Account} user=${useUser()} onLeave=${onLeave} />
  `;
}

function Entry({ path, icon, label }) {
  const { path: current } = useAddress();
  const isCurrent = path === '/' ? current === '/' : current === path || current.startsWith(`${path}/`);
  const link = useRef(null);
  // Of many collections, the one at work may lie outside of what is seen of the list.
  useEffect(() => {
    if (isCurrent) link.current.scrollIntoView({ block: 'nearest' });
  }, [isCurrent]);
  return html`
    <li><a ref=${link} href=${to(path)} aria-current=${isCurrent ? 'page' : null}><${Icon} name=${icon} /> <span title=${label}>${label}</span></a></li>
  `;
}

function Collections() {
  const { items } = useDefinitions();
  const [wanted, want] = useState('');
  if (!items?.some(({ name }) => name !== 'users')) return null;
  const part = wanted.trim().toLowerCase().replaceAll(' ', '_');
  // Users have a screen of their own.
  const shown = items.filter(({ name }) => name !== 'users' && name.includes(part));
  return html`
    <h2 id="navigation-collections">${words.nav.records}</h2>
    ${items.length >= SEARCHED_FROM &&
    html`<${QuickSearch} label=${words.nav.search} value=${wanted} onSearch=${want} />`}
    <ul class="navigation-records" aria-labelledby="navigation-collections">
      ${shown.map(({ name }) => html`<${Entry} key=${name} path=${`/records/${name}`} icon="table-2" label=${name} />`)}
    </ul>
    ${shown.length === 0 && html`<p class="hint" role="status">${words.nav.noneFound}</p>`}
  `;
}
