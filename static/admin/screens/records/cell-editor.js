import { api } from '../../api.js';
import { issueText } from '../../components/labelled.js';
import { sayFault } from '../../components/toasts.js';
import { PlainInput, plainText, readPlain } from '../../fields/plain-input.js';
import { recordPath } from '../../names.js';
import { html, useEffect, useId, useRef, useState } from '../../view.js';
import { words } from '../../words/index.js';

const HALF = { message: words.fields.halfTyped };

/**
 * A cell while it is edited: Enter and leaving it save, Escape does not. `onEnd(outcome)` gets null
 * where nothing has changed, else `{ before, record }`, or `{ conflict: true }` where somebody else
 * has saved first.
 */
export function CellEditor({ definition, field, record, onEnd }) {
  const before = record[field.key];
  const [text, setText] = useState(() => plainText(field, before));
  const [state, setState] = useState({ isBusy: false, issue: null });
  const input = useRef(null);
  const isOver = useRef(false);
  const isSaving = useRef(false);
  const id = useId();
  useEffect(() => {
    input.current.querySelector('input, select').focus();
    input.current.querySelector('input')?.select?.();
  }, []);

  const end = (outcome) => {
    isOver.current = true;
    onEnd(outcome, { id: record.id, key: field.key });
  };
  const save = async () => {
    if (isOver.current || isSaving.current) return;
    // A date of which parts are missing has no value; it is not meant to be emptied.
    if (input.current.querySelector('input')?.validity.badInput) return setState({ isBusy: false, issue: HALF });
    if (text === plainText(field, before)) return end(null);
    const { value, issue } = readPlain(field, text);
    setState({ isBusy: !issue, issue: issue ?? null });
    if (issue) return undefined;
    isSaving.current = true;
    try {
      const { data } = await api.patch(recordPath(definition.name, record.id), { [field.key]: value }, { ifMatch: `"${record.version}"` });
      end({ before: { [field.key]: before }, record: data });
    } catch (fault) {
      isSaving.current = false;
      refused(fault, { end, setState });
    }
  };
  // Its column may go, where the window gets narrower: that is leaving it, too.
  const leave = useRef(save);
  leave.current = save;
  useEffect(() => () => leave.current(), []);
  const keys = (event) => {
    // The keys of the list are not those of an input.
    event.stopPropagation();
    if (event.key === 'Escape') end(null);
    else if (event.key === 'Enter') save();
    else return;
    event.preventDefault();
  };
  return html`
    <div class="cell-editor" ref=${input} onKeyDown=${keys} onFocusOut=${save}>
      <${PlainInput}
        field=${field}
        value=${text}
        aria-label=${words.records.column(field.key)}
        aria-invalid=${state.issue ? 'true' : null}
        aria-describedby=${state.issue ? id : null}
        readonly=${state.isBusy}
        onInput=${(event) => setText(event.currentTarget.value)}
      />
      ${state.issue && html`<p class="cell-fault" id=${id} role="alert">${issueText(state.issue)}</p>`}
    </div>
  `;
}

function refused(fault, { end, setState }) {
  if (fault.status === 412) return end({ conflict: true });
  const issue = fault.issues?.[0] ?? null;
  setState({ isBusy: false, issue });
  if (!issue) sayFault(fault);
  return undefined;
}
