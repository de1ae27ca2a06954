// A whole value as one reads it, by the type of its field: in panels, histories, conflicts. One line of it is in `show.js`.
import { Tag } from '../components/tag.js';
import { Day } from '../components/time.js';
import { useDefinition } from '../definitions.js';
import { formatInstant } from '../format.js';
import { shortId } from '../names.js';
import { html } from '../view.js';
import { words } from '../words/index.js';
import { Folded } from './json-folded.js';
import { isWeb, MailLink, recordHref, WebLink } from './links.js';
import { useTitles } from './titles.js';
import { isNumeric, isRelation } from './types.js';

/** The value of a field; with `isWhole` all of a JSON value, which else is one line. */
export function Shown({ field, value, isWhole = false }) {
  if (value === null || value === undefined) return html`<span class="nothing">${words.fields.noValue}</span>`;
  if (isRelation(field.type)) return html`<${Related} field=${field} ids=${[value].flat()} />`;
  if (field.type === 'multiselect') return html`<${Listed} options=${[value].flat()} />`;
  if (field.type === 'json') return isWhole ? html`<${Folded} value=${value} />` : html`<code class="shown-json">${JSON.stringify(value)}</code>`;
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  return html`<${Written} field=${field} text=${String(value)} />`;
}

function Written({ field, text }) {
  if (text === '') return html`<span class="nothing">${words.fields.isEmptyText}</span>`;
  if (field.type === 'select') return html`<${Tag} kind="accent">${text}<//>`;
  if (field.type === 'date') return html`<${Day} value=${text} />`;
  if (field.type === 'datetime') return html`<time datetime=${text} title=${text}>${formatInstant(text)}</time>`;
  if (field.type === 'url' && isWeb(text)) return html`<${WebLink} address=${text}>${text}<//>`;
  if (field.type === 'email') return html`<${MailLink} address=${text} />`;
  return html`<span class=${isNumeric(field.type) ? 'number' : 'shown-text'}>${text}</span>`;
}

function Listed({ options }) {
  if (options.length === 0) return html`<span class="nothing">${words.fields.isEmptyList}</span>`;
  return html`<span class="shown-list">${options.map((option) => html`<${Tag} key=${option} kind="accent">${option}<//>`)}</span>`;
}

function Related({ field, ids }) {
  const titles = useTitles(useDefinition(field.collection), ids);
  if (ids.length === 0) return html`<span class="nothing">${words.fields.isEmptyList}</span>`;
  return html`
    <span class="shown-list">
      ${ids.map((id) => html`<a key=${id} href=${recordHref(field.collection, id)} title=${id}>${titles(id) ?? shortId(id)}</a>`)}
    </span>
  `;
}
