import { Field } from '../../components/field.js';
import { recordsPath } from '../../names.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';

/** The name of a collection that is still to be made: above all else, because all else uses it. */
export function FirstName({ work, issues }) {
  return html`<div class="panel-box"><${NameField} work=${work} issues=${issues} /></div>`;
}

/** The name, with the address of the API that it makes. */
export function NameField({ work, issues, disabled }) {
  const { draft, base, change } = work;
  const { name, nameHelp, renames, address } = words.collectionEditor;
  const isRenamed = base && draft.name !== base.name;
  const aside = draft.name && html`<span class="hint">${address}: <code>${recordsPath(draft.name)}</code></span>`;
  return html`
    <${Field}
      required
      label=${name}
      help=${isRenamed ? renames(base.name) : nameHelp}
      issue=${issues.name}
      name="name"
      value=${draft.name}
      disabled=${disabled}
      maxlength="63"
      autocomplete="off"
      autocapitalize="none"
      spellcheck=${false}
      onInput=${(event) => change(renamed(asName(event.currentTarget.value)))}
    />
    ${aside}
  `;
}

/** A relation that points at the collection itself follows its name. */
function renamed(name) {
  return (was) => ({ name, fields: was.fields.map((field) => (field.collection && field.collection === was.name ? { ...field, collection: name } : field)) });
}

/** What is typed, as names are written: `Order items` becomes `order_items`. */
export function asName(text) {
  return text.replace(/[\s-]+/g, '_').toLowerCase();
}
