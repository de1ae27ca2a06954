import { Icon } from '../../components/icon.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { conditionsIn, takesValue, written } from './conditions.js';

/** The conditions of the filter, each of which can be taken away. */
export function Chips({ definition, definitions, place }) {
  const filter = place.query.filter ?? '';
  const conditions = conditionsIn(filter, definition, definitions);
  if (conditions.length === 0) return null;
  const without = (at) => place.filter(written(conditions.filter((_, index) => index !== at), definition, definitions));
  return html`
    <ul class="records-chips" aria-label=${words.records.conditions}>
      ${conditions.map((condition, at) => html`<${Chip} key=${`${at}${text(condition)}`} text=${text(condition)} isRaw=${'raw' in condition} onRemove=${() => without(at)} />`)}
    </ul>
  `;
}

function Chip({ text: shown, isRaw, onRemove }) {
  const label = words.records.removeCondition(shown);
  return html`
    <li class="records-chip">
      ${isRaw ? html`<code>${shown}</code>` : html`<span>${shown}</span>`}
      <button type="button" aria-label=${label} title=${label} onClick=${onRemove}><${Icon} name="x" /></button>
    </li>
  `;
}

function text({ raw, key, operator, value }) {
  if (raw !== undefined) return raw;
  const { column, builder } = words.records;
  return `${column(key)} ${builder.operators[operator]} ${takesValue(operator) ? value : ''}`.trim();
}
