import { BarList } from '../../components/chart.js';
import { Button } from '../../components/button.js';
import { formatNumber } from '../../format.js';
import { to } from '../../router.js';
import { html, useState } from '../../view.js';
import { words } from '../../words/index.js';

const SHOWN = 10;

/** The records of each collection, the most first. */
export function RecordCounts({ records }) {
  const [isWhole, showWhole] = useState(false);
  const { recordCounts, unknown } = words.home;
  const sorted = records.filter(({ collection }) => collection !== 'users').toSorted((a, b) => (b.records ?? Infinity) - (a.records ?? Infinity));
  const shown = isWhole ? sorted : sorted.slice(0, SHOWN);
  const bars = shown.map(({ collection, records: count }) => ({
    label: collection,
    value: count,
    text: count === null ? unknown : formatNumber(count),
    href: to(`/records/${collection}`),
  }));
  return html`
    <section class="panel-box">
      <h2 id="record-counts" tabindex="-1">${recordCounts.title}</h2>
      ${bars.length > 0 ? html`<${BarList} bars=${bars} />` : html`<p class="lead">${recordCounts.none}</p>`}
      ${shown.length < sorted.length && html`<${Button} onClick=${() => showWhole(true)}>${recordCounts.all(sorted.length)}<//>`}
    </section>
  `;
}
