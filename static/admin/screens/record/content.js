import { Notice } from '../../components/notice.js';
import { Tabs } from '../../components/tabs.js';
import { recordTitle } from '../../fields/title.js';
import { to, useAddress } from '../../router.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { About } from './about.js';
import { Conflict, ConflictFoot } from './conflict.js';
import { Started } from './focus.js';
import { Foot } from './foot.js';
import { RecordForm } from './form.js';
import { Gone } from './gone.js';
import { History } from './history.js';
import { References } from './references.js';
import { Trashed } from './trashed.js';

/** What an editor shows of a record that is loaded: its fields, its history, a conflict, or what it was before it was deleted. */
export function Content({ definition, opened, conflict, isHistory, onRestored, onReverted, ...rest }) {
  const { editing, record, fields, isDeleted, can } = opened;
  if (isDeleted) return html`<${Trashed} definition=${definition} fields=${fields} record=${record} canRestore=${can.restore} onRestored=${onRestored} />`;
  if (conflict) return html`<${Conflict} editing=${editing} conflict=${conflict} />`;
  if (!isHistory) return html`<${Fields} definition=${definition} opened=${opened} ...${rest} />`;
  const isDirty = editing.changed.length > 0;
  return html`<${History} definition=${definition} fields=${fields} stored=${record} canRevert=${can.update} isDirty=${isDirty} onReverted=${onReverted} />`;
}

function Fields({ definition, opened, acts, form, formId, make }) {
  const { editing, record, fields, can, mayWrite, load } = opened;
  const mayRestore = definition.deletion !== 'hard' && can.restore;
  return html`
    <${Started} form=${form} isNew=${!record} />
    ${editing.isGone && html`<${Gone} makeAgain=${can.create && acts.makeAgain} restoreIt=${mayRestore && acts.restoreIt} />`}
    <${RecordForm}
      id=${formId}
      form=${form}
      editing=${editing}
      fields=${fields}
      onSave=${() => acts.save()}
      make=${make}
      notice=${html`<${Opening} isNew=${!record} mayWrite=${mayWrite} copied=${load.value.source} definition=${definition} />`}
    />
    ${record && html`<${References} definition=${definition} id=${record.id} /><${About} stored=${record} />`}
  `;
}

/** What there is to say before the first field. */
function Opening({ isNew, mayWrite, copied, definition }) {
  const refusal = isNew ? words.record.noCreation : words.record.readOnly;
  if (!mayWrite) return html`<${Notice} kind="info"><p>${refusal}</p><//>`;
  return copied && html`<${Notice} kind="info"><p>${words.record.copiedFrom(recordTitle(definition, copied))}</p><//>`;
}

/** The buttons below it; null where there is nothing to be saved. */
export function footOf({ opened, conflict, isHistory, acts, ...rest }) {
  const { editing, mayWrite, load, isDeleted, record } = opened;
  if (conflict) {
    return html`
      <${ConflictFoot}
        editing=${editing}
        onSave=${acts.saveChoices}
        onStored=${() => editing.discard(editing.clash)}
        onBack=${() => editing.set({ clash: null })}
      />
    `;
  }
  if (!mayWrite || isHistory || !load.value || isDeleted) return null;
  return html`<${Foot} editing=${editing} acts=${acts} isNew=${!record} ...${rest} />`;
}

/** The views of a record that keeps its history. */
export function Views({ definition, id, view }) {
  const { query } = useAddress();
  const { tabs } = words.record;
  const path = `/records/${definition.name}/${id}`;
  const all = [
    { href: to(path, query), label: tabs.fields, icon: 'pencil', isCurrent: view !== 'history' },
    { href: to(`${path}/history`, query), label: tabs.history, icon: 'history', isCurrent: view === 'history' },
  ];
  return html`<${Tabs} label=${tabs.label} tabs=${all} />`;
}
