import { IconButton } from '../components/button.js';
import { html } from '../view.js';
import { words } from '../words/index.js';
import { inputOf } from './attributes.js';
import { timeZone, toInstant, toLocal } from './local-time.js';
import { HALF_TYPED } from './values.js';

/** A day, without a zone. */
export function DateInput({ field, tied, typed, onType }) {
  return html`<${Picker} field=${field} tied=${tied} typed=${typed} onType=${onType} min=${field.min} max=${field.max} />`;
}

/** An instant in the reader's own time zone, with the one in UTC below. */
export function InstantInput({ field, tied, typed, onType }) {
  const instant = typed && typed !== HALF_TYPED ? toInstant(typed) : null;
  const now = html`<button class="control-button" type="button" onClick=${() => onType(toLocal(new Date()))}>${words.fields.now}</button>`;
  return html`
    <${Picker} field=${field} tied=${tied} typed=${typed} onType=${onType} after=${!typed && now} />
    ${instant && html`<p class="hint number">${words.fields.inUtc(timeZone)} <code>${instant}</code></p>`}
  `;
}

function Picker({ field, tied, typed, onType, after, ...attributes }) {
  const input = ({ currentTarget: { value, validity } }) => onType(value === '' && validity.badInput ? HALF_TYPED : value);
  return html`
    <div class="control">
      <input ...${tied} ...${inputOf(field)} ...${attributes} name=${field.key} value=${typed === HALF_TYPED ? '' : typed} onInput=${input} />
      ${typed && html`<${IconButton} icon="x" label=${words.fields.clear(field.key)} onClick=${() => onType('')} />`}
      ${after}
    </div>
  `;
}
