import { Select } from '../../components/field.js';
import { SearchField } from '../../components/search-field.js';
import { amend } from '../../router.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';

/** Which users are shown, and in which order. All of it stands in the address. */
export function Filters({ query, roles, isTrash }) {
  const { filters } = words.users;
  const of = (name) => ({ value: query[name] ?? '', onChange: (event) => amend({ [name]: event.currentTarget.value }) });
  const all = (label) => ({ value: '', label });
  // Who may not see the roles may still follow a link that names one.
  const names = Array.from(new Set([...roles.map(({ name }) => name), ...(query.role ? [query.role] : [])]));
  return html`
    <search class="users-filters" aria-label=${filters.label}>
      <${SearchField} label=${filters.search} icon="search" value=${query.q ?? ''} onSearch=${(q) => amend({ q })} />
      ${names.length > 0 && html`<${Select} label=${filters.role} options=${[all(filters.anyRole), ...names]} ...${of('role')} />`}
      <${Select} label=${filters.status} options=${[all(filters.anyStatus), ...options(words.users.statuses)]} ...${of('status')} />
      ${!isTrash && html`<div class="users-sort"><${Select} label=${filters.sort} options=${options(filters.sorts)} ...${{ ...of('sort'), value: query.sort ?? 'displayName' }} /></div>`}
    </search>
  `;
}

function options(labels) {
  return Object.entries(labels).map(([value, label]) => ({ value, label }));
}
