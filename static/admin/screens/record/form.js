import { Button, IconButton } from '../../components/button.js';
import { FaultNotice } from '../../components/fault-notice.js';
import { Notice } from '../../components/notice.js';
import { Time } from '../../components/time.js';
import { FieldInput, isWide } from '../../fields/input.js';
import { html, useEffect } from '../../view.js';
import { words } from '../../words/index.js';
import { storedValue } from './editing.js';
import { focusIn } from './focus.js';

/**
 * The fields of a record with their inputs. `fields` are all that are shown, each with `isReadOnly`;
 * `form` is the ref of the element, `id` its id, by which the button at the foot belongs to it.
 */
export function RecordForm({ id, form, editing, fields, onSave, make, notice }) {
  const { stored, issues, changed, fault, restored, isKept, refusals } = editing;
  // Only when it is refused: while somebody mends one, the focus stays there.
  useEffect(() => focusFault(form.current), [refusals]);
  const submit = (event) => {
    event.preventDefault();
    onSave();
  };
  const others = Object.values(issues).filter(({ field }) => !fields.some(({ key }) => key === field));
  return html`
    <form class="record-form" id=${id} ref=${form} aria-label=${words.record.form} noValidate autocomplete="off" onSubmit=${submit}>
      ${notice}
      ${restored && changed.length > 0 && html`<${Restored} restored=${restored} />`}
      ${!isKept && html`<${Notice} kind="warning"><p>${words.record.notKept}</p><//>`}
      <${Refusal} fault=${fault} issues=${issues} others=${others} />
      <div class="record-fields">
        ${fields.map((field) => {
          const isChanged = changed.some(({ key }) => key === field.key);
          return html`
            <div key=${field.key} class=${isWide(field) ? 'record-wide' : ''} data-field=${field.key}>
              <${FieldInput}
                field=${field}
                typed=${editing.typedOf(field)}
                value=${storedValue(field, stored)}
                onType=${(typed) => editing.type(field, typed)}
                issue=${issues[field.key]}
                isReadOnly=${field.isReadOnly}
                make=${make}
                aside=${isChanged && stored && html`<${Changed} field=${field} onTakeBack=${() => editing.takeBack(field)} />`}
              />
            </div>
          `;
        })}
      </div>
    </form>
  `;
}

function Changed({ field, onTakeBack }) {
  return html`
    <span class="record-changed">
      <span class="record-dot">${words.record.changed}</span>
      <${IconButton} icon="undo-2" label=${words.record.takeBack(field.key)} onClick=${onTakeBack} />
    </span>
  `;
}

function Restored({ restored }) {
  const { at, isOld } = restored;
  const [before, after] = words.record.restored('|').split('|');
  return html`
    <${Notice} kind=${isOld ? 'warning' : 'info'}>
      <p>${before}<${Time} at=${at} />${after} ${isOld && words.record.restoredOld}</p>
    <//>
  `;
}

/** Why nothing was saved: what no field can show, and the names of those that do. */
function Refusal({ fault, issues, others }) {
  const named = Object.values(issues).filter((issue) => !others.includes(issue));
  const { record } = words;
  if (fault?.isOffline) return html`<${Notice} kind="danger"><p>${record.offline}</p><//>`;
  if (fault && (named.length === 0 || others.length > 0)) return html`<${FaultNotice} fault=${fault} issues=${others} />`;
  if (named.length < 2) return null;
  const go = (key) => () => focusIn(document.querySelector(`[data-field="${key}"]`));
  return html`
    <${Notice} kind="danger">
      <p>${record.refused} ${record.refusedFields(named.length)}</p>
      <p class="actions">${named.map(({ field }) => html`<${Button} key=${field} onClick=${go(field)}>${field}<//>`)}</p>
    <//>
  `;
}

function focusFault(form) {
  focusIn(form?.querySelector('.record-fields > :has([aria-invalid=true], [data-invalid=true])'));
}
