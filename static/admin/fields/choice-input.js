import { Icon } from '../components/icon.js';
import { QuickSearch } from '../components/search-field.js';
import { html, useState } from '../view.js';
import { words } from '../words/index.js';

// From so many options on, a list is searched rather than read.
const SEARCHED_FROM = 12;

/** One of the options of a `select`. */
export function OneOf({ field, tied, typed, onType }) {
  const none = field.required ? words.fields.choose : words.fields.noValue;
  // What an option was that is gone since, must not become another by being looked at.
  const options = typed && !field.options.includes(typed) ? [...field.options, typed] : field.options;
  return html`
    <div class="control">
      <select ...${tied} name=${field.key} value=${typed ?? ''} onChange=${(event) => onType(event.currentTarget.value || null)}>
        <option value="" selected=${!typed}>${none}</option>
        ${options.map((option) => html`<option key=${option} value=${option} selected=${option === typed}>${option}</option>`)}
      </select>
      <${Icon} name="chevron-down" />
    </div>
  `;
}

const ANSWERS = [
  [true, words.yes],
  [false, words.no],
  [null, words.fields.noValue],
];

/** Yes, no, or nothing, where that is allowed. */
export function YesOrNo({ field, tied: id, typed, onType }) {
  const answers = field.required ? ANSWERS.slice(0, 2) : ANSWERS;
  return html`
    <div class="segments">
      ${answers.map(
        ([value, label]) => html`
          <label key=${label} class="segment">
            <input type="radio" name=${id} checked=${typed === value} onChange=${() => onType(value)} /><span>${label}</span>
          </label>
        `,
      )}
    </div>
  `;
}

/** Any of the options of a `multiselect`. Nothing chosen is an empty list, which is not the same as no value. */
export function Choices({ field, typed, onType }) {
  const [wanted, want] = useState('');
  const chosen = typed ?? [];
  const all = [...field.options, ...chosen.filter((option) => !field.options.includes(option))];
  const shown = all.filter((option) => option.toLowerCase().includes(wanted.trim().toLowerCase()));
  const toggle = (option) => (isChosen) => onType(all.filter((other) => (other === option ? isChosen : chosen.includes(other))));
  const { fields } = words;
  return html`
    ${all.length > SEARCHED_FROM &&
    html`<${QuickSearch} label=${fields.findOption} value=${wanted} onSearch=${want} />`}
    <div class="choices">
      ${shown.map((option) => html`<${Choice} key=${option} option=${option} isChosen=${chosen.includes(option)} onToggle=${toggle(option)} />`)}
      ${shown.length === 0 && html`<p class="hint" role="status">${fields.noOption}</p>`}
    </div>
    ${!field.required && html`<${NoList} typed=${typed} onType=${onType} />`}
  `;
}

function Choice({ option, isChosen, onToggle }) {
  return html`
    <label class="choice"><input type="checkbox" checked=${isChosen} onChange=${(event) => onToggle(event.currentTarget.checked)} /><span>${option}</span></label>
  `;
}

function NoList({ typed, onType }) {
  const { fields } = words;
  if (typed === null) return html`<p class="nothing">${fields.noValue}</p>`;
  return html`
    <p class="nothing">
      ${typed.length === 0 && fields.isEmptyList}
      <button class="link-button" type="button" onClick=${() => onType(null)}>${fields.setNull}</button>
    </p>
  `;
}
