import { Fault } from '../../api.js';
import { Dialog } from '../../components/dialog.js';
import { Checkbox, Select } from '../../components/field.js';
import { Form } from '../../components/form.js';
import { say, sayFault } from '../../components/toasts.js';
import { FieldInput } from '../../fields/input.js';
import { merged, mergePatch } from '../../fields/merge.js';
import { fieldsOf } from '../../fields/types.js';
import { readTyped, toTyped, valueAtFirst } from '../../fields/values.js';
import { recordsPath } from '../../names.js';
import { isSame } from '../../same.js';
import { html, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { everyId } from './bulk-acts.js';
import { changeEach, changeMany, readMany } from './many.js';

/** Gives one field of all selected records one value. */
export function BulkEdit({ definition, selection, conditions, paging, onClose }) {
  const fields = fieldsOf(definition).filter(({ unique }) => !unique);
  const [key, setKey] = useState(fields[0]?.key);
  const [typed, setTyped] = useState(() => fields[0] && toTyped(fields[0], null));
  const [isEmpty, setEmpty] = useState(false);
  const [done, setDone] = useState(0);
  const field = fields.find((one) => one.key === key);
  const { bulk, column } = words.records;
  const choose = (event) => {
    const next = fields.find((one) => one.key === event.currentTarget.value);
    setKey(next.key);
    setTyped(toTyped(next, null));
    setEmpty(false);
  };
  const send = async () => {
    const value = isEmpty ? nothing(field) : valueOf(asked(field), typed);
    const path = recordsPath(definition.name);
    const ids = selection.isAll ? await everyId(path, conditions, selection.count) : selection.ids;
    await change({ path, ids, field, value, paging, onProgress: setDone });
    onClose();
  };
  return html`
    <${Dialog} stays title=${bulk.edit.title(selection.count)} onClose=${onClose}>
      ${fields.length === 0 ? html`<p>${bulk.edit.none}</p>` : html`
        <${Form} send=${send} submit=${bulk.edit.change} busy=${bulk.edit.busy(done, selection.count)}>
          ${(issues) => html`
            <${Select} label=${bulk.edit.field} options=${fields.map((one) => ({ value: one.key, label: column(one.key) }))} value=${key} onChange=${choose} />
            ${!isEmpty && html`<${FieldInput} key=${key} label=${bulk.edit.value} field=${asked(field)} typed=${typed} onType=${setTyped} issue=${issues[key]} />`}
            ${!field.required && html`<${Checkbox} label=${bulk.edit.empty} checked=${isEmpty} onChange=${setEmpty} />`}
          `}
        <//>
      `}
    <//>
  `;
}

/** Nothing typed is an oversight; who means it, says so. */
function asked(field) {
  return { ...field, required: true };
}

function nothing(field) {
  return field.type === 'relations' ? valueAtFirst({ type: field.type }) : null;
}

function valueOf(field, typed) {
  const { value, issue } = readTyped(field, typed);
  if (issue) throw new Fault({ status: 400, issues: [issue] });
  return value;
}

/** Changes them, and offers the values from before, for as long as nobody has changed them since. */
async function change({ path, ids, field, value, paging, onProgress }) {
  const { key } = field;
  const before = await readMany(path, ids, { fields: `id,${key}` });
  const { done, fault } = await (isMerged(field)
    ? changeEach(path, new Map(before.map((old) => [old.id, patchOf(field, old[key], value)])), { onProgress })
    : changeMany(path, ids, { [key]: value }, { onProgress }));
  if (done.length === 0 && fault) throw fault;
  const now = await readMany(path, done, { fields: `id,version,${key}` });
  paging.merge(now);
  const changed = new Map(now.map((record) => [record.id, record]));
  const undo = async () => {
    const back = before.filter(({ id }) => changed.has(id)).map((old) => [old.id, { ...patchOf(field, value, old[key]), version: changed.get(old.id).version }]);
    const undone = await changeEach(path, new Map(back));
    paging.merge(await readMany(path, undone.done, { fields: `id,version,${key}` }));
    if (undone.fault) throw undone.fault;
  };
  say(words.records.bulk.edit.done(done.length), { undo });
  if (fault) sayFault(fault);
}

/** Objects are merged into what each record has, so each needs a body of its own. */
const isMerged = ({ type }) => type === 'json';

/** The body that makes `to` of what a record has `from` before. */
function patchOf(field, from, to) {
  if (!isMerged(field)) return { [field.key]: to };
  const patch = mergePatch(from, to);
  if (isSame(merged(from, patch), to)) return { [field.key]: patch };
  throw new Fault({ status: 400, issues: [{ field: field.key, code: 'INVALID', message: words.records.bulk.edit.nulls }] });
}
