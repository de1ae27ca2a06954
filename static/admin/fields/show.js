// How values look in one line, as in tables; whole they are in `shown.js`.
import { Id } from '../components/copy.js';
import { Icon } from '../components/icon.js';
import { Tag } from '../components/tag.js';
import { Day, Time } from '../components/time.js';
import { useDefinition } from '../definitions.js';
import { formatDigits } from '../format.js';
import { html } from '../view.js';
import { words } from '../words/index.js';
import { isWeb, MailLink, recordHref, WebLink } from './links.js';
import { recordTitle } from './title.js';

// More than this of a text nobody reads in one line, and a page of them would be heavy.
const LINE = 300;
// So many of several stand in a row; the others are a number.
const SEVERAL = 3;

const SHOWN = {
  integer: Digits,
  number: Digits,
  decimal: Digits,
  boolean: Mark,
  date: Day,
  datetime: ({ value }) => html`<${Time} at=${value} />`,
  json: ({ value }) => html`<code class="value-line">${cut(JSON.stringify(value))}</code>`,
  select: ({ value }) => html`<${Tag}>${value}<//>`,
  multiselect: ({ value }) => html`<${Several} of=${value}>${(option) => html`<${Tag} key=${option}>${option}<//>`}<//>`,
  relation: One,
  relations: Many,
  email: ({ value }) => html`<${MailLink} address=${value} look="value-line" />`,
  url: Address,
  id: ({ value }) => html`<${Id} id=${value} />`,
};

/** Texts that lead somewhere by themselves. */
const LINKS = ['email', 'url', 'id'];

/**
 * The value of a field (`field` as `fieldsOf` gives it) of `record`, in one line. Of a relation it
 * is the title of the record, where that was expanded, with a link to it; `linkTo(collection, id)`
 * says where that leads. `value` is for where there is no record around it. Without
 * `isLinked` all is text, for where a link would be too small to hit.
 */
export function Value({ field, record, value = record?.[field.key], linkTo = recordHref, isLinked = true }) {
  // What a reader may not see is absent; what nobody has filled in is null.
  if (value === undefined) return html`<${Nothing} label=${words.values.hidden} />`;
  if (value === null || value === '' || value.length === 0) return html`<${Nothing} label=${words.values.none} />`;
  const Shown = (isLinked || !LINKS.includes(field.type) ? SHOWN[field.type] : null) ?? Line;
  return html`<${Shown} field=${field} record=${record} value=${value} linkTo=${isLinked ? linkTo : null} />`;
}

function Nothing({ label }) {
  return html`<span class="value-none" title=${label}><span aria-hidden="true">–</span><span class="visually-hidden">${label}</span></span>`;
}

/** A number; the whole of it to who points at it, where a narrow column cuts it. */
function Digits({ value }) {
  const digits = formatDigits(value);
  return html`<span title=${digits}>${digits}</span>`;
}

function Line({ value }) {
  return html`<span class="value-line">${cut(String(value))}</span>`;
}

function Mark({ value }) {
  return html`
    <span class=${`value-mark value-${value}`}>
      <${Icon} name=${value ? 'check' : 'x'} /><span class="visually-hidden">${value ? words.yes : words.no}</span>
    </span>
  `;
}

function Address({ value }) {
  if (!isWeb(value)) return html`<${Line} value=${value} />`;
  return html`<${WebLink} address=${value} look="value-line">${value.replace(/^https?:\/\//i, '')}<//>`;
}

function One({ field, record, value, linkTo }) {
  return html`<${Linked} collection=${field.collection} id=${value} record=${record?.[field.expanded]} linkTo=${linkTo} />`;
}

function Many({ field, record, value, linkTo }) {
  const known = new Map((record?.[field.expanded] ?? []).map((one) => [one.id, one]));
  return html`
    <${Several} of=${value}>
      ${(id) => html`<${Linked} key=${id} collection=${field.collection} id=${id} record=${known.get(id)} linkTo=${linkTo} />`}
    <//>
  `;
}

function Linked({ collection, id, record, linkTo }) {
  const definition = useDefinition(collection);
  const title = recordTitle(definition, record ?? { id });
  // A collection that the reader may not see has no records to go to.
  if (!linkTo || !definition) return html`<span class="value-line">${title}</span>`;
  return html`<a class="value-link" href=${linkTo(collection, id)} title=${title}>${title}</a>`;
}

function Several({ of, children }) {
  const more = of.length - SEVERAL;
  return html`
    <span class="value-several">
      ${of.slice(0, SEVERAL).map(children)}
      ${more > 0 && html`<span class="hint">${words.values.more(more)}</span>`}
    </span>
  `;
}

function cut(text) {
  // Not in the middle of a character of two units.
  return text.length > LINE ? `${text.slice(0, LINE).replace(/[\uD800-\uDBFF]$/, '')}…` : text;
}
