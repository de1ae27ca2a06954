// The record editor: a window over the table, with an address of its own.
import { Dialog } from '../../components/dialog.js';
import { Empty } from '../../components/empty.js';
import { Loaded } from '../../components/loaded.js';
import { Notice } from '../../components/notice.js';
import { Tabs } from '../../components/tabs.js';
import { say } from '../../components/toasts.js';
import { Button } from '../../components/button.js';
import { useDefinitions } from '../../definitions.js';
import { shortId, singular } from '../../fields/relation-picker.js';
import { recordTitle, titleKey } from '../../fields/title.js';
import { useLoad } from '../../load.js';
import { currentAddress, go, to, useAddress } from '../../router.js';
import { useAllows, useUser } from '../../session.js';
import { html, useEffect, useId, useRef, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { About } from './about.js';
import { Actions } from './actions.js';
import { Conflict, ConflictFoot, useConflict } from './conflict.js';
import { draftKey } from './draft.js';
import { useEditing } from './editing.js';
import { shownFields } from './fields.js';
import { Foot } from './foot.js';
import { focusIn, RecordForm } from './form.js';
import { Blocked, Gone } from './gone.js';
import { History } from './history.js';
import { References } from './references.js';
import { useSaving } from './saving.js';
import { find } from './send.js';
import { FormSkeleton } from './skeleton.js';
import { startOf } from './start.js';
import { Trashed } from './trashed.js';

// One over another over a third is as deep as anybody finds the way back from.
const DEEPEST = 2;

/**
 * Shows and edits the record `id` of `collection` (its definition), or makes one where that is `new`.
 *
 * - `view`: `history`, or undefined for the fields
 * - `onClose()` leaves; `onChanged({ kind, record })` tells what was done: `created`, `updated`,
 *   `deleted` or `restored`
 * - `onNext()` (may be missing) goes to the next record of the list
 * - `first` (may be missing): what a new record begins with, as typed, by field
 * - `depth`: how many editors are below this one
 */
export function RecordPanel(props) {
  const { from } = useAddress().query;
  const source = props.id === 'new' && !props.depth ? from : undefined;
  return html`<${Panel} key=${[props.collection.name, props.id, source].join('/')} from=${source} depth=${0} ...${props} />`;
}

function Panel({ collection: definition, id, view, onClose, onChanged, onNext, from, first, depth }) {
  const isNew = id === 'new';
  const rights = useRights(definition);
  const { can, bypasses } = rights;
  const mayWrite = isNew ? can.create : can.update;
  const key = draftKey(useUser(), definition.name, [id, from, depth || undefined].filter((part) => part !== undefined).join('~'));
  const editing = useEditing({ definition, fields: shownFields(definition, null, { bypasses, mayWrite: true }), key });
  const load = useLoad(async (signal) => {
    const found = isNew ? await startOf(definition, from, signal) : await find(definition, id, signal);
    if (!found.isDeleted) editing.open(found.record, isNew ? { ...found.typed, ...first } : {});
    return found;
  }, [key]);
  const { stored, changed } = editing;
  const fields = shownFields(definition, load.value?.isDeleted ? load.value.record : stored, { bypasses, mayWrite });
  const conflict = useConflict({ editing, fields });
  const form = useRef(null);
  const place = useRef(null);
  const keepFocus = useFocusKept(place);
  const [blocked, setBlocked] = useState(null);
  const [making, make] = useMaking();
  const again = () => {
    editing.discard(null);
    if (from) go(`/records/${definition.name}/new`, {}, { replace: true });
    focusIn(form.current);
  };
  const close = () => {
    if (changed.length > 0) say(words.record.kept, { kind: 'info', link: depth === 0 ? { href: location.hash, label: words.record.goBack } : undefined });
    onClose();
  };
  // What was refused is told at the fields.
  const showFields = () => view === 'history' && go(`/records/${definition.name}/${id}`, currentAddress().query);
  const acts = useSaving({ definition, editing, conflict, place, isInner: depth > 0, onChanged, onClose, onNext, onAgain: again, onRefused: showFields });
  const formId = useId();
  const record = load.value?.isDeleted ? load.value.record : stored;
  const isHistory = view === 'history' && stored && definition.history;

  const restored = (back) => {
    onChanged({ kind: 'restored', record: back });
    say(words.record.restoredNow(recordTitle(definition, back)));
    load.reload();
  };
  const actions = record && html`
    <${Actions} definition=${definition} stored=${record} isDeleted=${load.value?.isDeleted} can=${can} onChanged=${onChanged} onBlocked=${setBlocked} onClose=${onClose} />
  `;
  const body = () => {
    if (load.value.isDeleted) return html`<${Trashed} definition=${definition} fields=${fields} record=${record} onRestored=${restored} />`;
    if (conflict) return html`<${Conflict} editing=${editing} conflict=${conflict} />`;
    if (isHistory) {
      return html`<${History} definition=${definition} fields=${fields} stored=${stored} canRevert=${can.update} isDirty=${changed.length > 0} onReverted=${(back) => {
        editing.open(back);
        onChanged({ kind: 'updated', record: back });
      }} />`;
    }
    return html`
      <${Started} form=${form} isNew=${isNew} />
      ${editing.isGone && html`<${Gone} makeAgain=${can.create && acts.makeAgain} restoreIt=${definition.deletion !== 'hard' && can.restore && acts.restoreIt} />`}
      <${RecordForm}
        id=${formId}
        form=${form}
        editing=${editing}
        fields=${fields}
        onSave=${() => acts.save()}
        make=${depth < DEEPEST && make}
        notice=${html`<${Opening} mayWrite=${mayWrite} copied=${load.value.source} definition=${definition} />`}
      />
      ${stored && html`<${References} definition=${definition} id=${stored.id} /><${About} stored=${stored} />`}
    `;
  };
  const footer = () => {
    if (conflict) return html`<${ConflictFoot} editing=${editing} onSave=${acts.saveChoices} onStored=${() => editing.discard(editing.clash)} onBack=${() => editing.set({ clash: null })} />`;
    if (!mayWrite || isHistory || !load.value || load.value.isDeleted) return null;
    return html`<${Foot} formId=${formId} editing=${editing} acts=${acts} isNew=${isNew} isInner=${depth > 0} onNext=${onNext} />`;
  };
  const isMissing = load.fault?.status === 404;
  return html`
    <${Dialog} shape="panel" title=${titleOf({ definition, id, record, changed })} onClose=${close} actions=${actions} footer=${footer()}>
      <div class="record-body" ref=${place} onFocusIn=${keepFocus}>
        ${stored && definition.history && !conflict && depth === 0 && html`<${Views} definition=${definition} id=${id} view=${view} />`}
        ${blocked && html`<${Blocked} ...${blocked} />`}
        ${isMissing
          ? html`<${Empty} icon="circle-question-mark" title=${words.record.absent} lead=${words.record.absentLead}><${Button} kind="primary" onClick=${onClose}>${words.record.backToList}<//><//>`
          : html`<${Loaded} load=${load} skeleton=${html`<${FormSkeleton} fields=${fields} />`}>${body}<//>`}
      </div>
      ${making && html`<${Making} making=${making} depth=${depth + 1} />`}
    <//>
  `;
}

/** What the user may do with the records of a collection. */
function useRights(definition) {
  const allows = useAllows();
  const may = (name) => definition.can?.[name] ?? true;
  const names = ['create', 'update', 'delete', 'restore', 'purge'];
  return { can: Object.fromEntries(names.map((name) => [name, may(name)])), bypasses: allows(`${definition.name}:bypass`) };
}

function titleOf({ definition, id, record, changed }) {
  const title = id === 'new' ? words.record.new(singular(definition)) : record ? recordTitle(definition, record) : `${definition.name} ${shortId(id)}`;
  return changed.length > 0 ? words.record.unsaved(title) : title;
}

function Views({ definition, id, view }) {
  const { query } = useAddress();
  const { tabs } = words.record;
  const path = `/records/${definition.name}/${id}`;
  return html`
    <${Tabs}
      label=${tabs.label}
      tabs=${[
        { href: to(path, query), label: tabs.fields, icon: 'pencil', isCurrent: view !== 'history' },
        { href: to(`${path}/history`, query), label: tabs.history, icon: 'history', isCurrent: view === 'history' },
      ]}
    />
  `;
}

/** What there is to say before the first field. */
function Opening({ mayWrite, copied, definition }) {
  if (!mayWrite) return html`<${Notice} kind="info"><p>${words.record.readOnly}</p><//>`;
  return copied && html`<${Notice} kind="info"><p>${words.record.copiedFrom(recordTitle(definition, copied))}</p><//>`;
}

/** In a new record one begins to type; an old one is read first. */
function Started({ form, isNew }) {
  useEffect(() => {
    if (isNew) focusIn(form.current);
  }, []);
  return null;
}

/**
 * What had the focus may go with what it did (a value is cleared, a change taken back): then the
 * focus goes to the field that it belonged to, or else to the title of the window.
 */
function useFocusKept(place) {
  const field = useRef(null);
  useEffect(() => {
    const dialog = place.current?.closest('dialog');
    if (!dialog || document.activeElement !== document.body) return;
    if (field.current?.isConnected) focusIn(field.current);
    else dialog.querySelector('h2').focus({ preventScroll: true });
  });
  return (event) => {
    field.current = event.target.closest('[data-field]');
  };
}

/** A record that is made to be pointed at: `make(definition, text)` resolves to it, or to null. */
function useMaking() {
  const [making, setMaking] = useState(null);
  const make = (definition, text) =>
    new Promise((resolve) => {
      const end = (record) => {
        setMaking(null);
        resolve(record);
      };
      setMaking({ definition, text, end });
    });
  return [making, make];
}

function Making({ making, depth }) {
  const { definition, text, end } = making;
  const title = titleKey(definition);
  return html`
    <${RecordPanel}
      collection=${definition}
      id="new"
      depth=${depth}
      first=${text && title ? { [title]: text } : undefined}
      onClose=${() => end(null)}
      onChanged=${({ record }) => end(record)}
    />
  `;
}
