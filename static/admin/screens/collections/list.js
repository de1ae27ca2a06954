import { Loaded } from '../../components/loaded.js';
import { Page } from '../../components/page.js';
import { QuickSearch } from '../../components/search-field.js';
import { Skeleton } from '../../components/skeleton.js';
import { reloadDefinitions, useDefinitions } from '../../definitions.js';
import { amend, useAddress } from '../../router.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { exportable } from './export.js';
import { FirstCollection } from './first.js';
import { Row } from './row.js';
import { Actions, Views } from './views.js';

/** The collections, each with what it keeps and the ways to it. */
export function CollectionList() {
  const { items, fault, isBusy } = useDefinitions();
  const load = { value: items, fault, isBusy, reload: reloadDefinitions };
  return html`
    <${Page} title=${words.collections.title} actions=${html`<${Actions} all=${items} />`} tabs=${html`<${Views} current="list" />`}>
      <${Loaded} load=${load} skeleton=${html`<${Skeleton} rows=${6} />`}>${(all) => html`<${List} all=${all} />`}<//>
    <//>
  `;
}

function List({ all }) {
  const { query } = useAddress();
  const wanted = (query.search ?? '').trim().toLowerCase();
  const fits = ({ name, description = '' }) => `${name} ${name.replaceAll('_', ' ')} ${description}`.toLowerCase().includes(wanted);
  const shown = all.filter(fits);
  const { noneFound, total } = words.collections;
  return html`
    ${exportable(all).length === 0 && html`<${FirstCollection} />`}
    <${QuickSearch} look="col-search" label=${words.nav.search} value=${query.search ?? ''} onSearch=${(text) => amend({ search: text })} />
    ${shown.length > 0 && html`<ul class="rows">${shown.map((definition) => html`<${Row} key=${definition.name} definition=${definition} all=${all} />`)}</ul>`}
    <p class="total" role="status">${shown.length === 0 ? noneFound : total(shown.length)}</p>
  `;
}
