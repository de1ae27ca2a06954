import { html, useId } from '../view.js';
import { words } from '../words/index.js';

// A picture is this wide and high for itself; the style sheet stretches it to its place.
const HEIGHT = 100;
const STEP = 10;
const GAP = 2;

/**
 * A small picture of numbers over time, with its number in words beside it and all of them in a
 * table behind it.
 *
 * - `points`: `[{ label, values }]`, the oldest first, `values` in the order of `series`; null is no
 *   value
 * - `series`: `[{ label, tone }]`, `tone` is `accent`, `warning` or `danger`; bars stand on each other
 * - `shape`: `bars` or `line`
 * - `unit`: what the axis counts; `format` writes a value of it
 * - `figure`: the number that counts most, as a text; `note` says more of it
 */
export function Chart({ title, figure, note, unit, format, shape = 'bars', series, points }) {
  const id = useId();
  const top = roundUp(Math.max(...points.map(({ values }) => total(values))));
  const Shape = shape === 'line' ? Line : Bars;
  return html`
    <figure class="chart" aria-labelledby=${id}>
      <figcaption class="chart-head">
        <h2 id=${id}>${title}</h2>
        <p class="chart-figure">${figure}</p>
        <p class="hint">${note}</p>
      </figcaption>
      <div class="chart-plot" aria-hidden="true">
        <span class="chart-top">${format(top)} ${unit}</span>
        <svg class="chart-picture" viewBox=${`0 0 ${points.length * STEP} ${HEIGHT}`} preserveAspectRatio="none">
          ${[0, HEIGHT / 2, HEIGHT].map((y) => html`<path class="chart-grid" d=${`M0 ${y}H${points.length * STEP}`} />`)}
          <${Shape} series=${series} points=${points} top=${top} />
        </svg>
        <span class="chart-from">${points[0]?.label}</span>
        <span class="chart-to">${points.at(-1)?.label}</span>
      </div>
      ${series.length > 1 && html`<${Legend} series=${series} />`}
      <${Table} title=${title} unit=${unit} format=${format} series=${series} points=${points} />
    </figure>
  `;
}

/** Numbers of things side by side, each with a bar: `[{ label, value, text, href }]`. */
export function BarList({ bars }) {
  const top = Math.max(...bars.map(({ value }) => value ?? 0), 1);
  return html`
    <ul class="bar-list">
      ${bars.map(
        ({ label, value, text, href }) => html`
          <li key=${label}>
            <a class="bar-list-label" href=${href}>${label}</a>
            <svg class="bar-list-bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
              <rect class="chart-track" width="100" height="1" /><rect class="chart-accent" width=${(100 * (value ?? 0)) / top} height="1" />
            </svg>
            <span class="number">${text}</span>
          </li>
        `,
      )}
    </ul>
  `;
}

function Bars({ series, points, top }) {
  return points.map(({ values }, at) => {
    let below = 0;
    return series.map(({ tone }, which) => {
      const height = ((values[which] ?? 0) * HEIGHT) / top;
      below += height;
      return height > 0 && html`<rect class=${`chart-${tone}`} x=${at * STEP + GAP / 2} y=${HEIGHT - below} width=${STEP - GAP} height=${height} />`;
    });
  });
}

/** Where a value is missing, the line is broken; each value is a dot besides, so that one alone is seen. */
function Line({ series, points, top }) {
  return series.map(({ tone }, which) => {
    let pen = 'M';
    const line = [];
    const dots = [];
    for (const [at, { values }] of points.entries()) {
      const value = values[which];
      const place = value !== null && `${at * STEP + STEP / 2} ${HEIGHT - (value * HEIGHT) / top}`;
      if (place) line.push(pen + place);
      if (place) dots.push(`M${place}h0`);
      pen = place ? 'L' : 'M';
    }
    return html`<path class=${`chart-line chart-${tone}`} d=${line.join('')} /><path class=${`chart-line chart-dots chart-${tone}`} d=${dots.join('')} />`;
  });
}

function Legend({ series }) {
  return html`
    <ul class="chart-legend" aria-hidden="true">
      ${series.map(({ label, tone }) => html`<li><svg viewBox="0 0 10 10"><rect class=${`chart-${tone}`} x="1" y="1" width="8" height="8" /></svg>${label}</li>`)}
    </ul>
  `;
}

/** The newest first, since that is what one looks for. */
function Table({ title, unit, format, series, points }) {
  const { asTable, when } = words.chart;
  return html`
    <details class="chart-table">
      <summary>${asTable}<span class="visually-hidden"> ${title}</span></summary>
      <div class="table-scroll" role="region" aria-label=${title} tabindex="0">
        <table class="plain-table">
          <thead><tr><th scope="col">${when}</th>${series.map(({ label }) => html`<th scope="col" class="number">${label}${series.length === 1 && unit && `, ${unit}`}</th>`)}</tr></thead>
          <tbody>
            ${points.toReversed().map(
              ({ label, values }) =>
                html`<tr key=${label}><th scope="row">${label}</th>${values.map((value) => html`<td class="number">${value === null ? words.none : format(value)}</td>`)}</tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>
  `;
}

const total = (values) => values.reduce((sum, value) => sum + (value ?? 0), 0);

/** The next of 1, 2, 5, 10, 20 and so on, so that an axis ends with a number that one reads. */
function roundUp(value) {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 2, 5, 10].find((step) => step * power >= value * (1 - Number.EPSILON));
}
