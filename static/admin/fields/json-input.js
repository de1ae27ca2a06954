import { Button } from '../components/button.js';
import { Icon } from '../components/icon.js';
import { html, useId, useRef, useState } from '../view.js';
import { words } from '../words/index.js';
import { Folded } from './json-folded.js';
import { readJson } from './json-text.js';

/** JSON as a text with numbered lines, checked while it is typed; or folded, to find one's way. */
export function JsonInput({ field, tied, typed, onType }) {
  const [isFolded, fold] = useState(false);
  const { value, fault } = typed.trim() === '' ? {} : readJson(typed);
  const { json } = words;
  return html`
    <div class="json-input">
      ${isFolded && value !== undefined
        ? html`<div class="shown-box"><${Folded} value=${value} /></div>`
        : html`<${Lines} field=${field} tied=${tied} typed=${typed} onType=${onType} fault=${fault} />`}
      <div class="actions">
        <${Button} icon="text-align-start" disabled=${value === undefined} onClick=${() => onType(JSON.stringify(value, null, 2))}>${json.format}<//>
        <${Button} icon=${isFolded ? 'pencil' : 'list'} disabled=${value === undefined} onClick=${() => fold(!isFolded)}>
          ${isFolded ? json.asText : json.folded}
        <//>
        ${typed.trim() === '' && html`<span class="nothing">${words.fields.noValue}</span>`}
      </div>
    </div>
  `;
}

function Lines({ field, tied, typed, onType, fault }) {
  const id = useId();
  const area = useRef(null);
  const numbers = useRef(null);
  const count = typed.split('\n').length;
  const go = () => goTo(area.current, fault);
  const scroll = () => {
    numbers.current.scrollTop = area.current.scrollTop;
  };
  return html`
    <div class="control control-top json-lines">
      <pre class="line-numbers" ref=${numbers} aria-hidden="true">${Array.from({ length: count }, (_, at) => at + 1).join('\n')}</pre>
      <textarea
        ...${tied}
        class="code-input"
        ref=${area}
        rows=${Math.min(Math.max(count, 3), 16)}
        wrap="off"
        spellcheck=${false}
        autocapitalize="none"
        name=${field.key}
        aria-errormessage=${fault ? id : null}
        aria-invalid=${fault ? 'true' : tied['aria-invalid']}
        value=${typed}
        onScroll=${scroll}
        onInput=${(event) => onType(event.currentTarget.value)}
      ></textarea>
    </div>
    <p class="json-fault" id=${id} role="status">
      ${fault && html`<${Icon} name="circle-alert" /> ${words.json.faultAt(fault)} <button class="link-button" type="button" onClick=${go}>${words.json.goThere}</button>`}
    </p>
  `;
}

/** Puts the cursor where the fault is. */
function goTo(area, { line, column }) {
  const before = area.value.split('\n').slice(0, line - 1);
  const at = before.reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
  area.focus();
  area.setSelectionRange(at, Math.min(at + 1, area.value.length));
}
