import { Button, IconButton } from '../../components/button.js';
import { Dialog } from '../../components/dialog.js';
import { Field, Select, TextArea } from '../../components/field.js';
import { inputOf } from '../../fields/attributes.js';
import { toInstant, toLocal } from '../../fields/local-time.js';
import { choicesOf } from '../../fields/plain-input.js';
import { allFieldsOf } from '../../fields/types.js';
import { html, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { conditionsIn, operatorsOf, takesValue, written } from './conditions.js';

/** Puts a filter together, condition by condition; what cannot be taken apart stays as it was typed. */
export function FilterBuilder({ definition, definitions, filter, onApply, onClose }) {
  const fields = allFieldsOf(definition).filter(({ hidden }) => !hidden);
  const [conditions, setConditions] = useState(() => numbered(conditionsIn(filter, definition, definitions), fields));
  const whole = conditions.filter(isWhole);
  const change = (number, changes) => setConditions((was) => was.map((one) => (one.number === number ? { ...one, ...changes } : one)));
  const remove = (number) => setConditions((was) => was.filter((one) => one.number !== number));
  const add = () => setConditions((was) => [...was, { ...blank(fields[0]), number: Math.max(0, ...was.map(({ number }) => number)) + 1 }]);
  const expression = written(whole, definition, definitions);
  const apply = (event) => {
    event.preventDefault();
    onApply(expression);
  };
  const { builder } = words.records;
  return html`
    <${Dialog} stays title=${builder.title} onClose=${onClose}>
      <form class="form" onSubmit=${apply}>
        ${conditions.map((one) => html`
          <${Condition} key=${one.number} fields=${fields} condition=${one} onChange=${(changes) => change(one.number, changes)} onRemove=${() => remove(one.number)} />
        `)}
        <div class="actions"><${Button} icon="plus" onClick=${add}>${builder.add}<//></div>
        <p class="records-built"><span class="hint">${builder.expression}</span> <code>${expression || builder.nothing}</code></p>
        <div class="actions">
          <${Button} kind="primary" type="submit">${builder.apply}<//>
          ${filter && html`<${Button} onClick=${() => onApply('')}>${builder.clear}<//>`}
        </div>
      </form>
    <//>
  `;
}

function Condition({ fields, condition, onChange, onRemove }) {
  const { raw, key, operator } = condition;
  const { builder, column } = words.records;
  const away = html`<${IconButton} icon="trash-2" label=${builder.remove} onClick=${onRemove} />`;
  if (raw !== undefined) {
    return html`<div class="records-condition is-raw">
      <${TextArea} label=${builder.raw} class="code-input" rows="2" value=${raw} onInput=${(event) => onChange({ raw: event.currentTarget.value })} />${away}
    </div>`;
  }
  const field = fields.find((one) => one.key === key);
  const named = fields.map((one) => ({ value: one.key, label: column(one.key) }));
  const asked = operatorsOf(field).map((name) => ({ value: name, label: builder.operators[name] }));
  return html`
    <div class="records-condition">
      <${Select} label=${builder.field} options=${named} value=${key} onChange=${(event) => onChange(blank(fields.find((one) => one.key === event.currentTarget.value)))} />
      <${Select} label=${builder.operator} options=${asked} value=${operator} onChange=${(event) => onChange({ operator: event.currentTarget.value })} />
      <${ValueInput} field=${field} condition=${condition} onChange=${onChange} />
      ${away}
    </div>
  `;
}

function ValueInput({ field, condition, onChange }) {
  const { operator, value } = condition;
  const label = words.records.builder.value;
  if (!takesValue(operator)) return null;
  const choices = operator === 'called' ? null : choicesOf(chosen(field));
  const change = (event) => onChange({ value: event.currentTarget.value });
  if (choices) return html`<${Select} label=${label} options=${choices} value=${value} onChange=${change} />`;
  if (field.type !== 'datetime') return html`<${Field} label=${label} value=${value} ...${inputOf(field)} onInput=${change} />`;
  const instant = (event) => onChange({ value: toInstant(event.currentTarget.value) ?? '' });
  return html`<${Field} label=${label} value=${value && toLocal(value)} ...${inputOf(field)} onInput=${instant} />`;
}

/** A list of options is asked for one of them, and there is no choice of none. */
function chosen(field) {
  return { ...field, type: field.type === 'multiselect' ? 'select' : field.type, required: true };
}

function blank(field) {
  const [first] = choicesOf(chosen(field)) ?? [];
  return { key: field.key, operator: operatorsOf(field)[0], value: first?.value ?? '' };
}

function numbered(conditions, fields) {
  const all = conditions.length > 0 ? conditions : [blank(fields[0])];
  return all.map((one, number) => ({ ...one, number }));
}

function isWhole({ raw, operator, value }) {
  return raw === undefined ? !takesValue(operator) || value !== '' : raw.trim() !== '';
}
