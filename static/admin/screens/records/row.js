import { Value } from '../../fields/show.js';
import { recordTitle } from '../../fields/title.js';
import { isNumeric } from '../../fields/types.js';
import { html, useMemo } from '../../view.js';
import { words } from '../../words/index.js';
import { CellEditor } from './cell-editor.js';

/** One record as a row of the table. Only what has changed of it is drawn again. */
export function Row({ definition, record, columns, isSelected, selection, editing, linkTo, openedAt, onEdited }) {
  const edited = editing?.id === record.id ? editing.key : null;
  return useMemo(
    () => html`
      <tr data-row=${record.id} class=${isSelected ? 'is-selected' : ''}>
        <td class="cell-select"><${Tick} definition=${definition} record=${record} isSelected=${isSelected} selection=${selection} /></td>
        ${columns.map((column) => html`
          <${Cell} key=${column.key} column=${column} isEdited=${edited === column.key} ...${{ definition, record, linkTo, openedAt, onEdited }} />
        `)}
      </tr>
    `,
    [definition, record, columns, isSelected, selection.toggle, edited, linkTo, openedAt, onEdited],
  );
}

/** The box that selects a record. */
export function Tick({ definition, record, isSelected, selection }) {
  const label = words.records.select(recordTitle(definition, record));
  return html`
    <label class="records-tick">
      <input type="checkbox" aria-label=${label} checked=${isSelected} onClick=${(event) => selection.toggle(record.id, event.shiftKey)} />
    </label>
  `;
}

function Cell({ definition, column, record, isEdited, linkTo, openedAt, onEdited }) {
  const { key, type, isTitle } = column;
  const look = `${isTitle ? 'cell-title' : ''} ${isNumeric(type) ? 'cell-number' : ''} ${isEdited ? 'cell-edited' : ''}`;
  const title = isTitle && html`<a class="value-line" data-open href=${openedAt(record.id)}>${recordTitle(definition, record)}</a>`;
  const content = isEdited
    ? html`<${CellEditor} definition=${definition} field=${column} record=${record} onEnd=${onEdited} />`
    : title || html`<${Value} field=${column} record=${record} linkTo=${linkTo} />`;
  if (isTitle) return html`<th scope="row" class=${look} data-key=${key} tabindex="-1">${content}</th>`;
  return html`<td class=${look} data-key=${key} tabindex="-1">${content}</td>`;
}
