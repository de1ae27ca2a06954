import { Tag } from '../../components/tag.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';

/** What a call takes; where there is nothing, nothing stands there. */
export function Parameters({ title, rows, hasPlace = false }) {
  const { name, place, values, meaning, required, places } = words.api;
  if (rows.length === 0) return null;
  return html`
    <${Table} title=${title} heads=${[name, hasPlace && place, values, meaning]}>
      ${rows.map(
        (row) => html`
          <tr key=${`${row.place}.${row.name}`}>
            <th scope="row"><code>${row.name}</code> ${row.isRequired && html`<${Tag}>${required}<//>`}</th>
            ${hasPlace && html`<td class="api-place">${places[row.place]}</td>`}
            <td><code>${row.values}</code></td>
            <td>${marked(row.meaning)}</td>
          </tr>
        `,
      )}
    <//>
  `;
}

/** By which fields a list is narrowed, and with which operators. */
export function Conditions({ rows }) {
  const { conditions, name, operators, values } = words.api;
  return html`
    <details>
      <summary>${conditions(rows.length)}</summary>
      <${Table} title=${conditions(rows.length)} isBare heads=${[name, values, operators]}>
        ${rows.map(
          (row) => html`
            <tr key=${row.name}>
              <th scope="row"><code>${row.name}</code></th>
              <td><code>${row.values}</code></td>
              <td><code>${row.operators.map((operator) => `[${operator}]`).join(' ')}</code></td>
            </tr>
          `,
        )}
      <//>
    </details>
  `;
}

/** The contract's words: what stands between backticks is code. */
function marked(text) {
  return text.split('`').map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : part));
}

/** What it answers. */
export function Answers({ rows }) {
  const { answers, status, codes, meaning, statuses } = words.api;
  return html`
    <${Table} title=${answers} heads=${[status, meaning, codes]}>
      ${rows.map(
        (row) => html`
          <tr key=${row.status}>
            <th scope="row"><${Tag} kind=${row.status < 400 ? 'success' : 'danger'}>${row.status}<//></th>
            <td>${statuses[row.status]}</td>
            <td>${row.codes.map((code) => html`<code>${code}</code> `)}</td>
          </tr>
        `,
      )}
    <//>
  `;
}

function Table({ title, heads, isBare = false, children }) {
  return html`
    <section class="api-table">
      ${!isBare && html`<h3>${title}</h3>`}
      <div class="table-scroll" role="region" aria-label=${title} tabindex="0">
        <table class="plain-table">
          <thead><tr>${heads.filter(Boolean).map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
          <tbody>${children}</tbody>
        </table>
      </div>
    </section>
  `;
}
