import { Button } from '../../components/button.js';
import { FaultNotice } from '../../components/fault-notice.js';
import { Notice } from '../../components/notice.js';
import { Shown } from '../../fields/shown.js';
import { readTyped } from '../../fields/values.js';
import { isSame } from '../../same.js';
import { html, useEffect, useId, useRef, useState } from '../../view.js';
import { words } from '../../words/index.js';

/**
 * The choices where somebody else has saved a record that is being edited: `clash` is what is stored
 * now. `{ mine, others, choices, choose }`: the fields that both or only the user have changed, those
 * that only others have, and for each of the user's own whether it is `yours` or `stored`.
 */
export function useConflict({ editing, fields }) {
  const { stored, clash, changed } = editing;
  const [chosen, setChosen] = useState({});
  if (!clash) return null;
  // What others have made of a field just as the user has, is no question.
  const mine = changed.filter((field) => !isSame(readTyped(field, editing.typedOf(field)).value, clash[field.key] ?? null));
  const isMine = ({ key }) => changed.some((other) => other.key === key);
  const others = fields.filter((field) => !isMine(field) && !isSame(stored[field.key] ?? null, clash[field.key] ?? null));
  const choices = Object.fromEntries(mine.map(({ key }) => [key, chosen[key] ?? 'yours']));
  return { mine, others, choices, choose: (key, choice) => setChosen({ ...chosen, [key]: choice }) };
}

/** Both versions of each field beside each other, and what it was before. */
export function Conflict({ editing, conflict }) {
  const { clash, fault } = editing;
  const { mine, others, choices, choose } = conflict;
  const { title, lead, nothingLeft } = words.record.conflict;
  const place = useRef(null);
  useEffect(() => place.current.querySelector('input')?.focus(), []);
  return html`
    <div class="conflict" ref=${place}>
      <${Notice} kind="warning"><p><strong>${title}</strong></p><p>${lead(clash.version)}</p><//>
      ${fault && html`<${FaultNotice} fault=${fault} />`}
      ${mine.length === 0 && html`<p>${nothingLeft}</p>`}
      ${mine.map((field) => html`<${Question} key=${field.key} field=${field} editing=${editing} choice=${choices[field.key]} onChoose=${(choice) => choose(field.key, choice)} />`)}
      ${others.length > 0 && html`<${Others} fields=${others} editing=${editing} />`}
    </div>
  `;
}

function Question({ field, editing, choice, onChoose }) {
  const { stored, clash } = editing;
  const { conflict } = words.record;
  const name = useId();
  const { value, issue } = readTyped(field, editing.typedOf(field));
  const side = (id, label, shown) => html`
    <div class="conflict-side" data-chosen=${String(choice === id)}>
      <label class="conflict-label"><input type="radio" name=${name} checked=${choice === id} onChange=${() => onChoose(id)} /> ${label}</label>
      ${shown}
    </div>
  `;
  const yours = issue ? html`<code class="shown-text">${String(editing.typedOf(field))}</code>` : html`<${Shown} field=${field} value=${value} />`;
  return html`
    <fieldset class="conflict-field">
      <legend>${field.key}</legend>
      <div class="conflict-sides">
        ${side('yours', conflict.yours, yours)}
        ${side('stored', conflict.stored, html`<${Shown} field=${field} value=${clash[field.key] ?? null} />`)}
        <div class="conflict-side conflict-opened"><span class="conflict-label">${conflict.opened}</span><${Shown} field=${field} value=${stored[field.key] ?? null} /></div>
      </div>
    </fieldset>
  `;
}

function Others({ fields, editing }) {
  return html`
    <section class="conflict-others">
      <p>${words.record.conflict.others}</p>
      <dl class="record-facts">
        ${fields.map((field) => html`<div key=${field.key}><dt>${field.key}</dt><dd><${Shown} field=${field} value=${editing.clash[field.key] ?? null} /></dd></div>`)}
      </dl>
    </section>
  `;
}

/** What stands at the foot while the conflict is open. */
export function ConflictFoot({ editing, onSave, onStored, onBack }) {
  const { conflict } = words.record;
  return html`
    <${Button} kind="primary" busy=${editing.isBusy && words.saving} onClick=${onSave}>${conflict.save}<//>
    <${Button} onClick=${onStored}>${conflict.useStored}<//>
    <${Button} kind="quiet" onClick=${onBack}>${conflict.back}<//>
  `;
}
