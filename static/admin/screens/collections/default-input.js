import { Field, Select, TextArea } from '../../components/field.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';

/** What a new record has where nothing is sent: an input of the field's type. */
export function DefaultInput({ field, set, issue }) {
  const w = words.fieldWords;
  const fault = noJson(issue('default'));
  const take = (event) => set('default', event.currentTarget.value);
  const given = { label: w.default, help: w.defaultHelp, issue: fault };
  if (field.type === 'boolean') return html`<${Select} ...${given} value=${String(field.default ?? '')} options=${TRUTHS()} onChange=${(event) => set('default', { true: true, false: false }[event.currentTarget.value])} />`;
  if (field.type === 'select') return html`<${Select} ...${given} value=${field.default ?? ''} options=${choices(field)} onChange=${take} />`;
  if (field.type === 'multiselect') return html`<${Several} field=${field} set=${set} issue=${fault} />`;
  if (field.type === 'json') return html`<${TextArea} ...${given} help=${w.defaultJson} class="code-input" spellcheck=${false} value=${field.default ?? ''} onInput=${take} />`;
  const isNumber = ['integer', 'number', 'decimal'].includes(field.type);
  const help = field.type === 'datetime' ? `${w.defaultHelp} ${w.instantHelp}` : w.defaultHelp;
  return html`
    <${Field} ...${given} help=${help} type=${field.type === 'date' ? 'date' : 'text'} inputmode=${isNumber ? 'decimal' : null} autocomplete="off" value=${field.default ?? ''} onInput=${take} />
  `;
}

const TRUTHS = () => [{ value: '', label: words.fieldWords.noDefault }, { value: 'true', label: words.yes }, { value: 'false', label: words.no }];

function choices({ options = [] }) {
  const named = options.filter(Boolean).map((option) => ({ value: option, label: option }));
  return [{ value: '', label: words.fieldWords.noDefault }, ...named];
}

/** Options of a list, each taken or not; none taken is no default. */
function Several({ field, set, issue }) {
  const chosen = Array.isArray(field.default) ? field.default : [];
  const take = (option) => (event) => {
    const next = event.currentTarget.checked ? [...chosen, option] : chosen.filter((one) => one !== option);
    set('default', next.length > 0 ? next : undefined);
  };
  return html`
    <fieldset>
      <legend>${words.fieldWords.default}</legend>
      <div class="col-several">
        ${(field.options ?? []).filter(Boolean).map(
          (option) => html`<label key=${option}><input type="checkbox" checked=${chosen.includes(option)} onChange=${take(option)} /> ${option}</label>`,
        )}
      </div>
      ${issue && html`<p class="field-fault">${issue.message}</p>`}
    </fieldset>
  `;
}

/** The one fault that the page finds by itself. */
function noJson(issue) {
  return issue?.code === 'NO_JSON' ? { ...issue, message: words.fieldWords.noJson } : issue;
}
