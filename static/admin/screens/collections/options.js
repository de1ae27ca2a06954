import { Button } from '../../components/button.js';
import { Checkbox, Field, Select, TextArea } from '../../components/field.js';
import { go } from '../../router.js';
import { html, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { NameField } from './first-name.js';
import { RemoveCollection } from './remove.js';

/** What holds for the collection as a whole. */
export function Options({ work, issues, all, isFixed, stored }) {
  const { draft, change, base } = work;
  const w = words.collectionEditor;
  const take = (key) => (event) => change({ [key]: event.currentTarget.value });
  return html`
    <div class="panel-box">
      <fieldset class="form" disabled=${isFixed}>
        <legend class="visually-hidden">${w.tabs.options}</legend>
        ${base && html`<${NameField} work=${work} issues=${issues} />`}
        <${TextArea} label=${w.description} help=${w.descriptionHelp} issue=${issues.description} value=${draft.description} onInput=${take('description')} />
        <${Field}
          label=${w.singular}
          help=${base ? w.singularFixed : w.singularHelp}
          issue=${issues.singular}
          value=${draft.singular}
          readonly=${Boolean(base)}
          autocapitalize="none"
          spellcheck=${false}
          onInput=${take('singular')}
        />
        <${TitleField} work=${work} issue=${issues.titleField} />
        <${Deletion} draft=${draft} change=${change} issue=${issues.deletion} />
        <${Checkbox} label=${w.history} help=${w.historyHelp} checked=${draft.history} onChange=${(history) => change({ history })} />
      </fieldset>
    </div>
    ${stored && !isFixed && html`<${Danger} definition=${stored} all=${all} />`}
  `;
}

function Deletion({ draft, change, issue }) {
  const { deletion, deletions } = words.collectionEditor;
  const options = Object.entries(deletions).map(([value, label]) => ({ value, label }));
  return html`<${Select} label=${deletion} issue=${issue} value=${draft.deletion} options=${options} onChange=${(event) => change({ deletion: event.currentTarget.value })} />`;
}

// Of any other type, a value does not say which record it is.
const NO_TITLE = ['boolean', 'json', 'multiselect', 'relation', 'relations'];

function TitleField({ work, issue }) {
  const { draft, change } = work;
  const { titleField, titleFieldHelp, titleFieldNone } = words.collectionEditor;
  const named = draft.fields.filter(({ name, type, hidden, isDropped }) => name && !isDropped && !hidden && !NO_TITLE.includes(type)).map(({ name }) => name);
  const options = [{ value: '', label: titleFieldNone }, ...named.map((name) => ({ value: name, label: name }))];
  return html`
    <${Select} label=${titleField} help=${titleFieldHelp} issue=${issue} value=${draft.titleField} options=${options} onChange=${(event) => change({ titleField: event.currentTarget.value })} />
  `;
}

function Danger({ definition, all }) {
  const [isOpen, setOpen] = useState(false);
  const { danger, dangerLead } = words.collectionEditor;
  return html`
    <section class="panel-box">
      <h2>${danger}</h2>
      <p>${dangerLead}</p>
      <${Button} kind="danger" icon="trash-2" onClick=${() => setOpen(true)}>${words.collections.removeTitle(definition.name)}<//>
      ${isOpen && html`<${RemoveCollection} definition=${definition} all=${all} onClose=${() => setOpen(false)} onRemoved=${() => go('/collections')} />`}
    </section>
  `;
}
