// Inputs that fit one line: for a cell that is edited in its place, for a condition. What they hold is
// a text.
import { html } from '../view.js';
import { words } from '../words/index.js';
import { inputOf, isInput } from './attributes.js';
import { readTyped, toTyped } from './values.js';

/** True for types whose values fit one line. */
export function isPlain({ type }) {
  return isInput(type) || type === 'boolean' || type === 'select';
}

/** The choices of a field that has some, as `<Select>` takes them; null for one that is typed. */
export function choicesOf({ type, options, required }) {
  if (type !== 'boolean' && type !== 'select') return null;
  const values = type === 'boolean' ? [choice('true', words.yes), choice('false', words.no)] : options.map((option) => choice(option, option));
  return required ? values : [choice('', words.values.none), ...values];
}

/** What an input shows for a value of the API. */
export function plainText(field, value) {
  return String(toTyped(field, value) ?? '');
}

/** `{ value }` of what was typed, or `{ issue }` where it is none. */
export function readPlain(field, text) {
  if (text === '') return readTyped(field, null);
  return readTyped(field, field.type === 'boolean' ? text === 'true' : text);
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
