import { Copy } from '../../components/copy.js';
import { Time } from '../../components/time.js';
import { formatInstant, formatNumber } from '../../format.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';

/** What Stead keeps of every record. */
export function About({ stored }) {
  const { record } = words;
  const facts = [
    [record.id, html`<${Copy} text=${stored.id} />`],
    [record.createdAt, html`<${Moment} at=${stored.createdAt} />`],
    [record.updatedAt, html`<${Moment} at=${stored.updatedAt} />`],
    [record.version, html`<span class="number">${formatNumber(stored.version)}</span>`],
  ];
  return html`
    <section class="record-section">
      <h3>${record.about}</h3>
      <dl class="record-facts">${facts.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    </section>
  `;
}

function Moment({ at }) {
  return html`${formatInstant(at)} <span class="hint">(<${Time} at=${at} />)</span>`;
}
