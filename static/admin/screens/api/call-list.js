import { html, useEffect, useRef } from '../../view.js';
import { words } from '../../words/index.js';

const GROUPS = ['start', 'read', 'change', 'many', 'files', 'nested'];

/** All calls, in groups; on a narrow screen folded below the name of the current one. */
export function CallList({ calls, current }) {
  const folded = useRef(null);
  useEffect(() => {
    folded.current.open = false;
  }, [current.key]);
  return html`
    <nav class="api-list api-list-wide" aria-label=${words.api.calls}><${Groups} calls=${calls} current=${current} /></nav>
    <nav class="api-list-narrow" aria-label=${words.api.calls}>
      <details ref=${folded}>
        <summary class="button">${words.api.call(titleOf(current))}</summary>
        <div class="api-list"><${Groups} calls=${calls} current=${current} /></div>
      </details>
    </nav>
  `;
}

/** What a call is called. */
export function titleOf(call) {
  const { title } = words.api.of[call.words ?? call.key];
  return typeof title === 'function' ? title(call.of) : title;
}

function Groups({ calls, current }) {
  return GROUPS.map((group) => [group, calls.filter((call) => call.group === group)])
    .filter(([, members]) => members.length > 0)
    .map(
      ([group, members]) => html`
        <p class="api-group">${words.api.groups[group]}</p>
        <ul>
          ${members.map(
            (call) => html`
              <li key=${call.key}>
                <a href=${call.href} aria-current=${call.key === current.key ? 'page' : null}><${Method} method=${call.method} /> <span>${titleOf(call)}</span></a>
              </li>
            `,
          )}
        </ul>
      `,
    );
}

/** The method of a call, as wide as the longest. */
export function Method({ method }) {
  return html`<code class=${`api-method api-method-${method?.toLowerCase()}`}>${method}</code>`;
}
