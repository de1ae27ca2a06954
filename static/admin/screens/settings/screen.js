import { Button } from '../../components/button.js';
import { Empty } from '../../components/empty.js';
import { Checkbox } from '../../components/field.js';
import { Loaded } from '../../components/loaded.js';
import { Page } from '../../components/page.js';
import { SearchField } from '../../components/search-field.js';
import { Skeleton } from '../../components/skeleton.js';
import { useLoad } from '../../load.js';
import { allItems } from '../../pages.js';
import { amend, useAddress } from '../../router.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { Setting } from './setting.js';
import { configPath, isChanged } from './value.js';

const PATH = '/api/system/settings';

/** All settings by section: what is in force, and how to change it. */
export function Settings() {
  const { query } = useAddress();
  const settings = useLoad((signal) => allItems(PATH, signal), []);
  const { title, lead, search, onlyChanged } = words.settings;
  return html`
    <${Page} title=${title} lead=${lead}>
      <search class="settings-filters" aria-label=${search}>
        <${SearchField} label=${search} icon="search" value=${query.q ?? ''} onSearch=${(q) => amend({ q })} />
        <${Checkbox} label=${onlyChanged} checked=${query.changed === '1'} onChange=${(is) => amend({ changed: is ? 1 : '' })} />
      </search>
      <${Loaded} load=${settings} skeleton=${html`<${Skeleton} rows=${8} />`}>
        ${(items) => html`<${Sections} items=${items} query=${query} />`}
      <//>
    <//>
  `;
}

function Sections({ items, query }) {
  const shown = items.filter((item) => fits(item, query));
  const { none, noneLead, total, sections } = words.settings;
  if (shown.length === 0) {
    return html`<${Empty} icon="settings" title=${none} lead=${noneLead}><${Button} onClick=${() => amend({ q: '', changed: '' })}>${words.showAll}<//><//>`;
  }
  const file = configPath(items);
  const names = Array.from(new Set(shown.map(({ section }) => section)));
  return html`
    ${names.map((name) => html`
      <section class="settings-section" key=${name} aria-label=${name || sections['']}>
        <h2>${name ? html`<code>[${name}]</code>` : sections['']} <span class="hint">${name && sections[name]}</span></h2>
        <ul class="rows">
          ${shown.filter(({ section }) => section === name).map((item) => html`<${Setting} key=${item.key} setting=${item} file=${file} />`)}
        </ul>
      </section>
    `)}
    <p class="total" role="status">${total(shown.length, items.length)}</p>
  `;
}

/** True where every word is in the name or in what is said of it. */
function fits(setting, { q = '', changed }) {
  if (changed === '1' && !isChanged(setting)) return false;
  const { section, key, reason, variable } = setting;
  const text = `${section}.${key} ${key.replaceAll('_', ' ')} ${variable} ${reason}`.toLowerCase();
  return q.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}
