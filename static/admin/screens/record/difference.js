import { Icon } from '../../components/icon.js';
import { Shown } from '../../fields/shown.js';
import { isNothing } from '../../fields/values.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { compare, compareTexts } from './diff.js';

// Lines around a change that help to find the place.
const AROUND = 1;
const LISTS = ['multiselect', 'relations'];

/** What became of a field's value: for texts and JSON what was taken out and put in, else both values. */
export function Difference({ field, before, after }) {
  if (LISTS.includes(field.type)) return html`<${OfLists} field=${field} before=${before ?? []} after=${after ?? []} isFirst=${isNothing(before)} />`;
  const texts = textsOf(field, before, after);
  if (texts) return html`<${OfTexts} ...${texts} />`;
  return html`
    <p class="difference">
      ${!isNothing(before) && html`<del><span class="visually-hidden">${words.record.history.from}: </span><${Shown} field=${field} value=${before} /></del><${Icon} name="arrow-right" />`}
      <ins><span class="visually-hidden">${words.record.history.to}: </span><${Shown} field=${field} value=${after} /></ins>
    </p>
  `;
}

function textsOf(field, before, after) {
  if (isNothing(before) || isNothing(after)) return null;
  if (field.type === 'text') return { before, after };
  return field.type === 'json' ? { before: JSON.stringify(before, null, 2), after: JSON.stringify(after, null, 2), isCode: true } : null;
}

function OfTexts({ before, after, isCode = false }) {
  const { isOneLine, parts } = compareTexts(before, after);
  if (isOneLine) return html`<p class="difference-text">${parts.map((part) => html`<${Piece} kind=${part.kind} text=${part.items.join('')} />`)}</p>`;
  return html`
    <div class=${`difference-lines ${isCode ? 'difference-code' : ''}`}>
      ${parts.map((part, at) => (part.kind === 'same' ? html`<${Same} lines=${part.items} isFirst=${at === 0} isLast=${at === parts.length - 1} />` : html`<${Lines} kind=${part.kind} lines=${part.items} />`))}
    </div>
  `;
}

function Piece({ kind, text }) {
  if (kind === 'removed') return html`<del>${text}</del>`;
  return kind === 'added' ? html`<ins>${text}</ins>` : text;
}

function Lines({ kind, lines }) {
  const { removed, added } = words.record.history;
  return html`
    <div class=${`difference-${kind}`}>
      <span class="visually-hidden">${kind === 'removed' ? removed : added}: </span>
      ${lines.map((line) => html`<p>${line || ' '}</p>`)}
    </div>
  `;
}

/** Lines that stayed: those beside a change, and how many others. */
function Same({ lines, isFirst, isLast }) {
  const head = isFirst ? 0 : AROUND;
  const tail = isLast ? 0 : AROUND;
  const hidden = lines.length - head - tail;
  if (hidden < 2) return html`<div>${lines.map((line) => html`<p>${line || ' '}</p>`)}</div>`;
  return html`
    <div>
      ${lines.slice(0, head).map((line) => html`<p>${line || ' '}</p>`)}
      <p class="difference-skipped">${words.record.history.unchanged(hidden)}</p>
      ${lines.slice(lines.length - tail).map((line) => html`<p>${line || ' '}</p>`)}
    </div>
  `;
}

function OfLists({ field, before, after, isFirst }) {
  const { history } = words.record;
  if (isFirst || after.length === 0) return html`<p class="difference"><ins><${Shown} field=${field} value=${after} /></ins></p>`;
  const sides = [
    ['del', history.removed, before.filter((item) => !after.includes(item))],
    ['ins', history.added, after.filter((item) => !before.includes(item))],
  ].filter(([, , items]) => items.length > 0);
  const isReordered = sides.length === 0 && compare(before, after).length > 1;
  return html`
    <p class="difference">
      ${isReordered && html`${history.reordered}: <${Shown} field=${field} value=${after} />`}
      ${sides.map(([Side, label, items]) => html`<span key=${label}><span class="difference-label">${label}</span> <${Side}><${Shown} field=${field} value=${items} /><//></span>`)}
    </p>
  `;
}
