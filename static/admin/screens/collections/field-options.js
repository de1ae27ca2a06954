import { Checkbox, Field, Select, TextArea } from '../../components/field.js';
import { typeIcon } from '../../fields/types.js';
import { apiName } from '../../names.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { OPTIONS, withType } from './definition.js';
import { DefaultInput } from './default-input.js';
import { FieldRules } from './field-rules.js';
import { asName } from './first-name.js';
import { OptionList } from './option-list.js';

/** All that can be said of a field of its type, and nothing else. */
export function FieldOptions({ field, edit, issues, all, isFixed, work, ...rest }) {
  const issue = (key) => issues[`${field.key}.${key}`];
  const set = (key, value) => edit((was) => ({ ...was, [key]: value }));
  const given = { field, set, issue, edit, issues, all, work };
  const own = OPTIONS[field.type] ?? [];
  return html`
    <fieldset class="form" disabled=${isFixed}>
      <div class="fields">
        <${Name} ...${given} />
        <${Type} ...${given} />
      </div>
      ${own.map((option) => {
        const Input = INPUTS[option];
        return Input && html`<${Input} key=${option} option=${option} ...${given} />`;
      })}
      <div class="fields">${own.map((option) => BOUNDS[option] && html`<${Bound} key=${option} option=${option} ...${given} />`)}</div>
      ${own.includes('default') && html`<${DefaultInput} ...${given} />`}
      <div class="col-flags">
        ${field.type !== 'relations' && html`<${Flag} option="required" ...${given} />`}
        ${own.filter((option) => FLAGS.includes(option)).map((option) => html`<${Flag} key=${option} option=${option} ...${given} />`)}
        <${Flag} option="hidden" ...${given} />
      </div>
      <${TextArea} label=${words.fieldWords.description} help=${words.fieldWords.descriptionHelp} issue=${issue('description')} value=${field.description ?? ''} onInput=${(event) => set('description', event.currentTarget.value)} />
    </fieldset>
    <${FieldRules} ...${given} isFixed=${isFixed} ...${rest} />
  `;
}

const FLAGS = ['unique', 'searchable', 'containsIndex'];
const BOUNDS = { min: true, max: true, scale: true };
const INPUTS = { options: Choices, collection: Target, onDelete: OnDelete, pattern: Pattern, collation: Collation };

function Name({ field, set, issue }) {
  const { name, nameHelp, nameRelation, nameRelations } = words.fieldWords;
  const form = { relation: nameRelation, relations: nameRelations }[field.type] ?? '';
  return html`
    <${Field}
      required
      label=${name}
      name="name"
      help=${html`${form} ${nameHelp} <code>${apiName(field.name) || '…'}</code>`}
      issue=${issue('name') ?? issue('renamedFrom')}
      value=${field.name}
      maxlength="63"
      autocomplete="off"
      autocapitalize="none"
      spellcheck=${false}
      onInput=${(event) => set('name', asName(event.currentTarget.value))}
    />
  `;
}

function Type({ field, edit, issue }) {
  const { type, types, typeHelp } = words.fieldWords;
  const options = Object.keys(OPTIONS).map((value) => ({ value, label: types[value].title }));
  const choose = (event) => {
    const to = event.currentTarget.value;
    edit((was) => withType(was, to));
  };
  return html`<${Select} label=${type} icon=${typeIcon(field.type)} help=${field.had && typeHelp} issue=${issue('type')} value=${field.type} options=${options} onChange=${choose} />`;
}

function Flag({ field, option, set, issue }) {
  const w = words.fieldWords;
  const help = option === 'required' && field.type === 'text' ? w.requiredText : w[`${option}Help`];
  const fault = issue(option);
  return html`
    <div>
      <${Checkbox} label=${w[option]} help=${help} checked=${Boolean(field[option])} onChange=${(value) => set(option, value)} />
      ${fault && html`<p class="field-fault">${fault.message}</p>`}
    </div>
  `;
}

function Bound({ field, option, set, issue }) {
  const w = words.fieldWords;
  const isLength = field.type === 'text' && option !== 'scale';
  const isNumber = isLength || option === 'scale' || ['integer', 'number', 'decimal'].includes(field.type);
  const look = isNumber ? { inputmode: field.type === 'integer' || isLength ? 'numeric' : 'decimal' } : { type: field.type === 'date' ? 'date' : 'text' };
  const help = { scale: w.scaleHelp, max: isLength ? w.maxLengthHelp : null }[option] ?? (field.type === 'datetime' ? w.instantHelp : null);
  return html`
    <${Field}
      label=${w[isLength ? `${option}Length` : option]}
      help=${help}
      issue=${issue(option)}
      value=${field[option] ?? ''}
      autocomplete="off"
      ...${look}
      onInput=${(event) => set(option, event.currentTarget.value)}
    />
  `;
}

function Choices({ field, set, issue, issues }) {
  return html`<${OptionList} field=${field} set=${set} issue=${issue('options')} issues=${issues} />`;
}

/** What a relation points at. One without a name gets that of its target, which is what most are called. */
function Target({ field, edit, issue, all, work }) {
  const { collection, chooseCollection, itself } = words.fieldWords;
  const own = work.draft.name;
  const options = all.filter(({ name }) => name).map(({ name }) => ({ value: name, label: name === own ? itself(name) : name }));
  const choose = (event) => {
    const target = event.currentTarget.value;
    const singular = all.find(({ name }) => name === target)?.singular || target.replace(/s$/, '');
    const ending = field.type === 'relations' ? '_ids' : '_id';
    edit((was) => ({ ...was, collection: target, name: was.name || (target ? singular + ending : '') }));
  };
  return html`
    <${Select} required label=${collection} issue=${issue('collection')} value=${field.collection ?? ''} options=${[{ value: '', label: chooseCollection }, ...options]} onChange=${choose} />
  `;
}

function OnDelete({ field, set, issue }) {
  const { onDelete, onDeletes } = words.fieldWords;
  const options = Object.entries(onDeletes).map(([value, label]) => ({ value, label }));
  return html`<${Select} label=${onDelete} issue=${issue('onDelete')} value=${field.onDelete ?? 'restrict'} options=${options} onChange=${(event) => set('onDelete', event.currentTarget.value)} />`;
}

function Pattern({ field, set, issue }) {
  const { pattern, patternHelp } = words.fieldWords;
  return html`
    <${Field} label=${pattern} help=${patternHelp} issue=${issue('pattern')} value=${field.pattern ?? ''} class="code-input" autocapitalize="none" spellcheck=${false} onInput=${(event) => set('pattern', event.currentTarget.value)} />
  `;
}

function Collation({ field, set, issue }) {
  const { collation, collationHelp, collations } = words.fieldWords;
  const options = Object.entries(collations).map(([value, label]) => ({ value, label }));
  // `binary` is what is said by saying nothing.
  const choose = (event) => set('collation', event.currentTarget.value === 'binary' ? '' : event.currentTarget.value);
  return html`<${Select} label=${collation} help=${collationHelp} issue=${issue('collation')} value=${field.collation || 'binary'} options=${options} onChange=${choose} />`;
}
