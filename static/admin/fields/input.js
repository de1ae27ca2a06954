// The input of a field, by its type.
import { Grouped } from '../components/grouped.js';
import { Labelled } from '../components/labelled.js';
import { html } from '../view.js';
import { Choices, OneOf, YesOrNo } from './choice-input.js';
import { DateInput, InstantInput } from './date-input.js';
import { helpOf } from './help.js';
import { JsonInput } from './json-input.js';
import { RelationPicker } from './relation-picker.js';
import { RelationsPicker } from './relations-picker.js';
import { Shown } from './shown.js';
import { NumberInput, TextInput, TextsInput } from './text-input.js';
import { typeIcon } from './types.js';

const INPUTS = {
  text: TextInput,
  email: TextInput,
  url: TextInput,
  integer: NumberInput,
  number: NumberInput,
  decimal: NumberInput,
  boolean: YesOrNo,
  date: DateInput,
  datetime: InstantInput,
  select: OneOf,
  multiselect: Choices,
  relation: RelationPicker,
  relations: RelationsPicker,
  json: JsonInput,
};

/** Fields that are several inputs. */
const GROUPS = ['boolean', 'multiselect'];

// From so many characters on, a text has several lines.
const LONG_TEXT = 255;

/** True for a field that needs all the width there is. */
export const isWide = (field) => isLong(field) || ['text', 'json', 'multiselect', 'relations'].includes(field.type);

/** True for texts of several lines. */
export const isLong = ({ type, max, unique, pattern }) => type === 'text' && (max ?? 0) > LONG_TEXT && !unique && !pattern;

/**
 * One field with its label, help and fault.
 *
 * - `typed` is what its input holds (see `values.js`), `onType(typed)` changes it
 * - `make(definition, text)` (may be missing) lets somebody make a record to point at, and resolves
 *   to it, or to null
 * - `aside` stands beside the label, which is the field's name where there is no other
 * - with `isReadOnly`, `value` is shown alone
 */
export function FieldInput({ field, typed, onType, value, issue, aside, label = field.key, isReadOnly, make }) {
  const Input = isLong(field) ? TextsInput : (INPUTS[field.type] ?? TextInput);
  const frame = { label, icon: typeIcon(field.type), issue, aside, required: field.required && !isReadOnly };
  if (isReadOnly) return html`<${ReadOnly} field=${field} value=${value} frame=${frame} />`;
  const Frame = GROUPS.includes(field.type) ? Grouped : Labelled;
  return html`
    <${Frame} ...${frame} name=${field.key} help=${helpOf(field)}>
      ${(tied) => html`<${Input} field=${field} tied=${tied} typed=${typed} onType=${onType} make=${make} />`}
    <//>
  `;
}

/** A value that cannot be changed. */
export function ReadOnly({ field, value, frame }) {
  return html`
    <${Grouped} label=${field.key} icon=${typeIcon(field.type)} help=${field.description} ...${frame}>
      ${() => html`<div class="shown-box"><${Shown} field=${field} value=${value} isWhole /></div>`}
    <//>
  `;
}
