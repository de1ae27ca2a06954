import { formatNumber } from '../format.js';
import { html, useState } from '../view.js';
import { words } from '../words/index.js';
import { inputOf } from './attributes.js';

// The counter comes where a limit is near.
const NEAR = 0.8;
// What every text may have where its field says nothing.
const USUAL = 5000;
/** One line of text, an address of mail or of the web. */
export function TextInput({ field, tied, typed, onType }) {
  const count = near(field, typed);
  return html`
    <div class="control">
      <input ...${tied} ...${inputOf(field)} placeholder=${field.type === 'url' ? 'https://' : null} name=${field.key} value=${typed ?? ''} onInput=${(event) => onType(entered(field, event))} />
      ${count && html`<span class="counter">${count}</span>`}
      <${Nothing} field=${field} typed=${typed} onType=${onType} />
    </div>
  `;
}

/** Text of several lines, which grows with what is in it. */
export function TextsInput({ field, tied, typed, onType }) {
  const count = near(field, typed);
  return html`
    <div class="control control-top">
      <textarea rows="2" class=${field.max > USUAL ? 'text-long' : ''} ...${tied} name=${field.key} value=${typed ?? ''} onInput=${(event) => onType(entered(field, event))}></textarea>
      ${count && html`<span class="counter">${count}</span>`}
      <${Nothing} field=${field} typed=${typed} onType=${onType} />
    </div>
  `;
}

/** Numbers as they are written. */
export function NumberInput({ field, tied, typed, onType }) {
  return html`
    <div class="control">
      <input ...${tied} ...${inputOf(field)} class="number" name=${field.key} value=${typed} onInput=${(event) => onType(event.currentTarget.value)} />
    </div>
  `;
}

/** An empty text and none are two values: says which it is, and takes the other, once somebody has emptied it. */
function Nothing({ field, typed, onType }) {
  const [wasTyped, setTyped] = useState(Boolean(typed));
  if (typed && !wasTyped) setTyped(true);
  if (field.type !== 'text' || field.required || typed || !(wasTyped || typed === '')) return null;
  const { fields } = words;
  const isNull = typed === null;
  if (isNull && !mayBeEmpty(field)) return null;
  return html`
    <span class="nothing">${isNull ? fields.noValue : fields.isEmptyText}</span>
    <button class="control-button" type="button" onClick=${() => onType(isNull ? '' : null)}>${isNull ? fields.setEmptyText : fields.setNull}</button>
  `;
}

/** False where an empty text would be refused, or stand in the way of others: there, emptying the input means no value. */
export function mayBeEmpty({ type, required, min, pattern, unique }) {
  return type === 'text' && !required && !min && !pattern && !unique;
}

function entered(field, { currentTarget: { value } }) {
  return value === '' && !mayBeEmpty(field) ? null : value;
}

function near({ max }, typed) {
  const length = typed ? Array.from(typed).length : 0;
  return max && length >= max * NEAR ? words.fields.lengthOf(formatNumber(length), formatNumber(max)) : null;
}
