import { html } from '../view.js';
import { words } from '../words/index.js';

// So much is open at once; deeper levels open on demand.
const OPEN_LEVELS = 2;
const MOST_SHOWN = 200;

/** JSON as a tree whose branches open and close. */
export function Folded({ value, name, level = 0 }) {
  const isList = Array.isArray(value);
  if (value === null || typeof value !== 'object') return html`<p class="json-leaf"><${Name} name=${name} /><code>${JSON.stringify(value)}</code></p>`;
  const entries = Object.entries(value);
  const count = isList ? words.json.items(entries.length) : words.json.members(entries.length);
  return html`
    <details class="json-branch" open=${level < OPEN_LEVELS}>
      <summary><${Name} name=${name} /><code>${isList ? '[ ]' : '{ }'}</code> <span class="hint">${count}</span></summary>
      <${Members} entries=${entries} level=${level + 1} />
    </details>
  `;
}

function Members({ entries, level }) {
  const rest = entries.length - MOST_SHOWN;
  return html`
    <ul>
      ${entries.slice(0, MOST_SHOWN).map(([name, value]) => html`<li key=${name}><${Folded} name=${name} value=${value} level=${level} /></li>`)}
      ${rest > 0 && html`<li class="hint">${words.json.rest(rest)}</li>`}
    </ul>
  `;
}

function Name({ name }) {
  return name !== undefined && html`<span class="json-name">${name}: </span>`;
}
