import { Icon } from '../../components/icon.js';
import { isNumeric, typeIcon } from '../../fields/types.js';
import { html, useEffect, useRef } from '../../view.js';
import { words } from '../../words/index.js';
import { isSortable } from './columns.js';
import { Row } from './row.js';
import { useRowClicks } from './row-clicks.js';

/** The records as a table, which scrolls in its own place with its header standing. */
export function RecordTable({ definition, place, columns, rows, selection, isStale, children, ...row }) {
  const clicks = useRowClicks(row);
  return html`
    <div class=${`records-region ${isStale ? 'is-stale' : ''}`} role="region" aria-label=${words.records.region(definition.name)} tabindex="0">
      <table class="records-table">
        <colgroup>
          <col class="col-tick" />
          ${columns.map(({ key, type, isTitle }) => html`<col key=${key} class=${isTitle ? 'col-title' : `col-${type}`} />`)}
        </colgroup>
        <thead>
          <tr>
            <td class="cell-select"><${SelectAll} selection=${selection} rows=${rows} /></td>
            ${columns.map((column) => html`<${Head} key=${column.key} column=${column} sort=${place.query.sort} onSort=${place.sort} />`)}
          </tr>
        </thead>
        <tbody ...${clicks}>
          ${rows.map((record) => html`
            <${Row} key=${record.id} ...${{ definition, record, columns, selection, ...row }} isSelected=${selection.has(record.id)} />
          `)}
        </tbody>
      </table>
      ${children}
    </div>
  `;
}

/** The box that stands for all rows that are shown. */
export function SelectAll({ selection, rows }) {
  const box = useRef(null);
  const some = rows.some(({ id }) => selection.has(id));
  const every = some && rows.every(({ id }) => selection.has(id));
  useEffect(() => {
    box.current.indeterminate = some && !every;
  });
  const click = () => selection.set(every ? [] : rows.map(({ id }) => id));
  return html`<label class="records-tick"><input ref=${box} type="checkbox" aria-label=${words.records.selectShown} checked=${every} onChange=${click} /></label>`;
}

const NEXT = { none: 'ascending', ascending: 'descending', descending: 'none' };
const ARROWS = { ascending: 'arrow-up', descending: 'arrow-down' };

function Head({ column, sort, onSort }) {
  const { key, type, isTitle } = column;
  const state = { [key]: 'ascending', [`-${key}`]: 'descending' }[sort] ?? 'none';
  const look = `${isTitle ? 'cell-title' : ''} ${isNumeric(type) ? 'cell-number' : ''}`;
  const label = html`<${Icon} name=${typeIcon(type)} /><span class="head-name">${words.records.column(key)}</span>`;
  if (!isSortable(column)) return html`<th scope="col" class=${look}><span class="head">${label}</span></th>`;
  const turn = () => onSort({ ascending: key, descending: `-${key}`, none: '' }[NEXT[state]]);
  return html`
    <th scope="col" class=${look} aria-sort=${state === 'none' ? null : state}>
      <button class="head" type="button" title=${words.records.sortBy[NEXT[state]](words.records.column(key))} onClick=${turn}>
        ${label}${ARROWS[state] && html`<${Icon} name=${ARROWS[state]} />`}
      </button>
    </th>
  `;
}
