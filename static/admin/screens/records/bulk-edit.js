import { Dialog } from '../../components/dialog.js';
import { Checkbox, Field, Select } from '../../components/field.js';
import { Form } from '../../components/form.js';
import { say, sayFault } from '../../components/toasts.js';
import { choicesOf, inputOf, isPlain, plainValue } from '../../fields/plain-input.js';
import { fieldsOf } from '../../fields/types.js';
import { recordsPath } from '../../names.js';
import { html, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { everyId } from './bulk-acts.js';
import { changeEach, changeMany, readMany } from './many.js';

/** Gives one field of all selected records one value. */
export function BulkEdit({ definition, selection, conditions, paging, onClose }) {
  const fields = fieldsOf(definition).filter((field) => isPlain(field) && !field.unique);
  const [key, setKey] = useState(fields[0]?.key);
  const [text, setText] = useState(() => firstText(fields[0]));
  const [isEmpty, setEmpty] = useState(false);
  const [done, setDone] = useState(0);
  const field = fields.find((one) => one.key === key);
  const { bulk, column } = words.records;
  const choose = (event) => {
    const next = fields.find((one) => one.key === event.currentTarget.value);
    setKey(next.key);
    setText(firstText(next));
    setEmpty(false);
  };
  const send = async () => {
    const path = recordsPath(definition.name);
    const ids = selection.isAll ? await everyId(path, conditions, selection.count) : selection.ids;
    await change({ path, ids, field, value: isEmpty ? null : plainValue(field, text), paging, onProgress: setDone });
    onClose();
  };
  const input = (issues) => {
    const asked = { label: bulk.edit.value, name: key, issue: issues[key], value: text, onInput: (event) => setText(event.currentTarget.value), required: !isEmpty, disabled: isEmpty };
    const choices = choicesOf({ ...field, required: true });
    return choices ? html`<${Select} ...${asked} options=${choices} />` : html`<${Field} ...${asked} ...${inputOf(field)} />`;
  };
  return html`
    <${Dialog} title=${bulk.edit.title(selection.count)} onClose=${onClose}>
      ${fields.length === 0 ? html`<p>${bulk.edit.none}</p>` : html`
        <${Form} send=${send} submit=${bulk.edit.change} busy=${bulk.edit.busy(done, selection.count)}>
          ${(issues) => html`
            <${Select} label=${bulk.edit.field} options=${fields.map((one) => ({ value: one.key, label: column(one.key) }))} value=${key} onChange=${choose} />
            ${input(issues)}
            ${!field.required && html`<${Checkbox} label=${bulk.edit.empty} checked=${isEmpty} onChange=${setEmpty} />`}
          `}
        <//>
      `}
    <//>
  `;
}

/** Changes them, and offers the values from before, for as long as nobody has changed them since. */
async function change({ path, ids, field, value, paging, onProgress }) {
  const before = await readMany(path, ids, { fields: `id,${field.key}` });
  const { done, fault } = await changeMany(path, ids, { [field.key]: value }, { onProgress });
  if (done.length === 0 && fault) throw fault;
  const now = await readMany(path, done, { fields: `id,version,${field.key}` });
  paging.merge(now);
  const versions = new Map(now.map(({ id, version }) => [id, version]));
  const undo = async () => {
    const back = before.filter(({ id }) => versions.has(id)).map((old) => [old.id, { [field.key]: old[field.key], version: versions.get(old.id) }]);
    const undone = await changeEach(path, new Map(back));
    paging.merge(await readMany(path, undone.done, { fields: `id,version,${field.key}` }));
    if (undone.fault) throw undone.fault;
  };
  say(words.records.bulk.edit.done(done.length), { undo });
  if (fault) sayFault(fault);
}

function firstText(field) {
  return field ? ((choicesOf({ ...field, required: true }) ?? [])[0]?.value ?? '') : '';
}
