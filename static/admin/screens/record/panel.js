// The record editor: a window over the table, with an address of its own.
import { Button } from '../../components/button.js';
import { Dialog } from '../../components/dialog.js';
import { Empty } from '../../components/empty.js';
import { Loaded } from '../../components/loaded.js';
import { say } from '../../components/toasts.js';
import { singular } from '../../fields/relation-picker.js';
import { recordTitle, titleKey } from '../../fields/title.js';
import { shortId } from '../../names.js';
import { currentAddress, go, useAddress } from '../../router.js';
import { html, useId, useRef, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { Actions } from './actions.js';
import { useConflict } from './conflict.js';
import { Content, footOf, Views } from './content.js';
import { focusIn, useFocusKept } from './focus.js';
import { Blocked } from './gone.js';
import { useMaking } from './making.js';
import { useOpened } from './opened.js';
import { useSaving } from './saving.js';
import { FormSkeleton } from './skeleton.js';

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
  const opened = useOpened({ definition, id, from, first, depth });
  const { load, editing, record, fields } = opened;
  const conflict = useConflict({ editing, fields });
  const form = useRef(null);
  const place = useRef(null);
  const keepFocus = useFocusKept(place);
  const formId = useId();
  const [blocked, setBlocked] = useState(null);
  const [making, make] = useMaking();
  const isInner = depth > 0;
  const isHistory = view === 'history' && Boolean(record) && definition.history;
  const address = `/records/${definition.name}/${id}`;

  const again = () => {
    editing.discard(null);
    if (from) go(address, {}, { replace: true });
    focusIn(form.current);
  };
  // What was refused is told at the fields.
  const showFields = () => isHistory && go(address, currentAddress().query);
  const acts = useSaving({ definition, editing, conflict, place, isInner, onChanged, onClose, onNext, onAgain: again, onRefused: showFields });
  const close = () => {
    const link = { href: location.hash, label: words.record.goBack };
    if (editing.changed.length > 0) say(words.record.kept, { kind: 'info', link: isInner ? undefined : link });
    onClose();
  };
  const onRestored = (back) => {
    onChanged({ kind: 'restored', record: back });
    say(words.record.restoredNow(recordTitle(definition, back)));
    load.reload();
  };
  const onReverted = (back) => {
    editing.open(back);
    onChanged({ kind: 'updated', record: back });
  };

  const shown = { definition, opened, conflict, isHistory, acts, formId };
  const actions = record && html`<${Actions} definition=${definition} opened=${opened} onChanged=${onChanged} onBlocked=${setBlocked} onClose=${onClose} />`;
  return html`
    <${Dialog} shape="panel" title=${titleOf(definition, id, opened)} onClose=${close} actions=${actions} footer=${footOf({ ...shown, isInner, onNext })}>
      <div class="record-body" ref=${place} onFocusIn=${keepFocus}>
        ${editing.stored && definition.history && !conflict && !isInner && html`<${Views} definition=${definition} id=${id} view=${view} />`}
        ${blocked && html`<${Blocked} ...${blocked} />`}
        <${Found} load=${load} fields=${fields} onClose=${onClose}>
          ${() => html`<${Content} ...${shown} form=${form} make=${depth < DEEPEST && make} onRestored=${onRestored} onReverted=${onReverted} />`}
        <//>
      </div>
      ${making && html`<${Making} making=${making} depth=${depth + 1} />`}
    <//>
  `;
}

/** The states until the record is there. */
function Found({ load, fields, onClose, children }) {
  const { record } = words;
  if (load.fault?.status !== 404) return html`<${Loaded} load=${load} skeleton=${html`<${FormSkeleton} fields=${fields} />`}>${children}<//>`;
  return html`
    <${Empty} icon="circle-question-mark" title=${record.absent} lead=${record.absentLead}>
      <${Button} kind="primary" onClick=${onClose}>${record.backToList}<//>
    <//>
  `;
}

function titleOf(definition, id, { record, editing }) {
  const nameless = id === 'new' ? words.record.new(singular(definition)) : `${definition.name} ${shortId(id)}`;
  const title = record ? recordTitle(definition, record) : nameless;
  return editing.changed.length > 0 ? words.record.unsaved(title) : title;
}

/** One more editor over this one, for a record that this one is to point at. */
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
