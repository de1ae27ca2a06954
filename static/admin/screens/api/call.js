import { Loaded } from '../../components/loaded.js';
import { Skeleton } from '../../components/skeleton.js';
import { html, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { Method, titleOf } from './call-list.js';
import { Code } from './code.js';
import { operationOf } from './contract.js';
import { Answers, Conditions, Parameters } from './tables.js';
import { requestOf } from './request.js';
import { TryIt } from './try-it.js';

/** One call: what it does, how it is written, what it does here and now, what it takes and answers. */
export function Call({ call, definition, samples, contract, onDone }) {
  const [request, setRequest] = useState(() => requestOf(call));
  const { lead } = words.api.of[call.words ?? call.key];
  return html`
    <h2>${titleOf(call)}</h2>
    <p class="api-path"><${Method} method=${call.method} /> <code>${call.template}</code></p>
    <p class="lead">${typeof lead === 'function' ? lead(call.of) : lead}</p>
    <${Code} request=${request} call=${call} />
    <${TryIt} call=${call} definition=${definition} samples=${samples} request=${request} onChange=${setRequest} onDone=${onDone} />
    <${Loaded} load=${contract} skeleton=${html`<${Skeleton} rows=${4} />`}>
      ${(document) => html`<${Reference} operation=${operationOf(document, call)} call=${call} />`}
    <//>
  `;
}

function Reference({ operation, call }) {
  const { parameters, body, notYours } = words.api;
  if (!operation) return html`<p class="lead">${notYours}</p>`;
  return html`
    <${Parameters} title=${parameters} rows=${operation.parameters} hasPlace />
    ${operation.conditions.length > 0 && html`<${Conditions} rows=${operation.conditions} />`}
    ${call.type !== 'text/csv' && html`<${Parameters} title=${body} rows=${operation.body} />`}
    <${Answers} rows=${operation.answers} />
  `;
}
