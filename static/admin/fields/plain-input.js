// Inputs for values that fit one line: where a cell is edited in place, a condition is made, or many
// records are changed alike. What is typed is a text; `plainValue` makes of it what the API takes.
import { html } from '../view.js';
import { words } from '../words/index.js';

const INPUTS = {
  text: { type: 'text' },
  email: { type: 'email', autocapitalize: 'none' },
  url: { type: 'url', autocapitalize: 'none' },
  integer: { type: 'text', inputmode: 'numeric' },
  number: { type: 'text', inputmode: 'decimal' },
  decimal: { type: 'text', inputmode: 'decimal' },
  date: { type: 'date' },
  datetime: { type: 'datetime-local', step: '0.001' },
};

/** True for types whose values fit one line. */
export function isPlain({ type }) {
  return type in INPUTS || type === 'boolean' || type === 'select';
}

/** The choices of a field that has some, as `<Select>` takes them; null for one that is typed. */
export function choicesOf({ type, options, required }) {
  if (type !== 'boolean' && type !== 'select') return null;
  const values = type === 'boolean' ? [choice('true', words.yes), choice('false', words.no)] : options.map((option) => choice(option, option));
  return required ? values : [choice('', words.values.none), ...values];
}

/** The attributes of the `<input>` for a type; what is not known yet is written as a text. */
export function inputOf({ type }) {
  return { ...(INPUTS[type] ?? INPUTS.text), autocomplete: 'off', spellcheck: type === 'text' };
}

/** What an input shows for a value of the API. */
export function plainText({ type }, value) {
  if (value === null || value === undefined) return '';
  return type === 'datetime' ? localInstant(value) : String(value);
}

/** What the API takes for what was typed. What is no number goes as it is: the API says what is wrong with it. */
export function plainValue({ type }, text) {
  if (text.trim() === '' && type !== 'text') return null;
  if (text === '') return null;
  if (type === 'boolean') return text === 'true';
  if (type === 'datetime') return new Date(text).toISOString();
  if (type === 'integer') return Number.isSafeInteger(Number(text)) ? Number(text) : text.trim();
  if (type === 'number') return Number.isFinite(Number(text)) ? Number(text) : text;
  return type === 'decimal' ? text.trim() : text;
}

/** The bare input, for where something else labels it. */
export function PlainInput({ field, ...input }) {
  const choices = choicesOf(field);
  if (!choices) return html`<input ...${inputOf(field)} ...${input} />`;
  return html`
    <select ...${input}>
      ${choices.map(({ value, label }) => html`<option key=${value} value=${value} selected=${value === input.value}>${label}</option>`)}
    </select>
  `;
}

function choice(value, label) {
  return { value, label };
}

/** An instant as `datetime-local` has it: in the reader's zone, without saying so. */
function localInstant(text) {
  const at = new Date(text);
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, -1);
}
