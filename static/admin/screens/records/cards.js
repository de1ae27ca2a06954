import { IconButton } from '../../components/button.js';
import { Value } from '../../fields/show.js';
import { recordTitle } from '../../fields/title.js';
import { html, useMemo, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { Tick } from './row.js';

// What stands below the title; the other columns are a press away.
const BRIEF = 2;

/** The records on a narrow screen: the title, and below it what says most in few letters. */
export function RecordCards({ definition, rows, selection, isStale, children, ...card }) {
  return html`
    <div class=${`records-region ${isStale ? 'is-stale' : ''}`} role="region" aria-label=${words.records.region(definition.name)} tabindex="0">
      <ul class="records-cards">
        ${rows.map((record) => html`<${Card} key=${record.id} definition=${definition} record=${record} isSelected=${selection.has(record.id)} selection=${selection} ...${card} />`)}
      </ul>
      ${children}
    </div>
  `;
}

function Card({ definition, record, columns, isSelected, selection, linkTo, openedAt, onOpen }) {
  const [isOpen, setOpen] = useState(false);
  const others = columns.filter(({ isTitle }) => !isTitle);
  const brief = others.filter(({ key, type }) => type !== 'json' && type !== 'id' && !isNothing(record[key])).slice(0, BRIEF);
  const open = (event) => event.target.closest('a, button, input, label') || onOpen(record.id);
  const title = recordTitle(definition, record);
  return useMemo(
    () => html`
      <li class=${`records-card ${isSelected ? 'is-selected' : ''}`} data-row=${record.id} onClick=${open}>
        <${Tick} definition=${definition} record=${record} isSelected=${isSelected} selection=${selection} />
        <div class="card-main">
          <a class="value-line" data-open href=${openedAt(record.id)}>${title}</a>
          ${!isOpen && html`<p class="card-brief">${brief.map((field) => html`<span key=${field.key}><${Value} field=${field} record=${record} isLinked=${false} /></span>`)}</p>`}
        </div>
        <${IconButton} icon=${isOpen ? 'chevron-up' : 'chevron-down'} label=${words.records.details(title)} aria-expanded=${String(isOpen)} onClick=${() => setOpen(!isOpen)} />
        ${isOpen && html`<${Details} record=${record} fields=${others} linkTo=${linkTo} />`}
      </li>
    `,
    [definition, record, columns, isSelected, selection.toggle, isOpen, linkTo, openedAt],
  );
}

function Details({ record, fields, linkTo }) {
  return html`
    <dl class="card-details">
      ${fields.map((field) => html`<div key=${field.key}><dt>${words.records.column(field.key)}</dt><dd><${Value} field=${field} record=${record} linkTo=${linkTo} /></dd></div>`)}
    </dl>
  `;
}

function isNothing(value) {
  return value === null || value === undefined || value === '' || value.length === 0;
}
