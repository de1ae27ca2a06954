import { api } from '../../api.js';
import { Button } from '../../components/button.js';
import { FaultNotice } from '../../components/fault-notice.js';
import { Field, TextArea } from '../../components/field.js';
import { recordTitle } from '../../fields/title.js';
import { html, useEffect, useRef, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { Answer, readAnswer } from './answer.js';
import { headersOf, target } from './request.js';

/**
 * Sends the call as the user who is signed in. What only reads is sent at once; what changes
 * something when the button is clicked that says what it will do.
 */
export function TryIt({ call, definition, samples, request, onChange, onDone }) {
  const { tryIt, tryReading, trySaying, send, sending } = words.api;
  const { state, run } = useRun(request, onDone);
  const isReading = call.method === 'GET';
  useEffect(() => {
    if (isReading && !call.isManual) run();
  }, []);
  const submit = (event) => {
    event.preventDefault();
    run();
  };
  const { effect } = words.api.of[call.words ?? call.key];
  const record = words.api.titled(samples.record ? recordTitle(definition, samples.record) : definition.singular);
  const label = effect?.({ record, count: samples.count, collection: definition.name, singular: definition.singular, ...call.of }) ?? send;
  return html`
    <section class="panel-box" aria-label=${tryIt}>
      <h3>${tryIt}</h3>
      <p class="hint">${isReading ? tryReading : trySaying}</p>
      <form class="form" onSubmit=${submit}>
        <${Inputs} request=${request} onChange=${onChange} />
        <div class="actions">
          <${Button} kind=${call.method === 'DELETE' ? 'danger' : 'primary'} type="submit" icon="play" busy=${state.isBusy && sending}>${label}<//>
        </div>
      </form>
      ${state.fault && html`<${FaultNotice} fault=${state.fault} />`}
      ${state.answer && html`<${Answer} answer=${state.answer} />`}
    </section>
  `;
}

/** `{ state: { isBusy, answer, fault }, run }`; a call that is left is not waited for. `onDone` gets what a change has answered. */
function useRun(request, onDone) {
  const [state, setState] = useState({ isBusy: false, answer: null, fault: null });
  const running = useRef(null);
  useEffect(() => () => running.current?.abort(), []);
  const run = async () => {
    if (state.isBusy) return;
    running.current = new AbortController();
    const { signal } = running.current;
    setState((was) => ({ ...was, isBusy: true, fault: null }));
    try {
      const began = performance.now();
      const { method, body } = request;
      const response = await api.raw(method, target(request), { headers: headersOf(request), body, signal });
      const answer = await readAnswer(response, performance.now() - began);
      setState({ isBusy: false, answer, fault: null });
      if (method !== 'GET' && answer.status < 400) onDone(answer.data);
    } catch (fault) {
      if (!signal.aborted) setState({ isBusy: false, answer: null, fault });
    }
  };
  return { state, run };
}

/** Inputs for all that is sent. */
function Inputs({ request, onChange }) {
  const { path, body } = words.api;
  const set = (changes) => onChange((was) => ({ ...was, ...changes }));
  const code = { autocomplete: 'off', spellcheck: false };
  return html`
    <div class="fields">
      <${Field} label=${path} value=${request.path} ...${code} onInput=${(event) => set({ path: event.currentTarget.value })} />
      <${Pairs} pairs=${request.query} onChange=${(query) => set({ query })} />
      <${Pairs} pairs=${request.headers} onChange=${(headers) => set({ headers })} />
    </div>
    ${request.body !== undefined &&
    html`<${TextArea} class="code-input" label=${body} rows="6" value=${request.body} ...${code} onInput=${(event) => set({ body: event.currentTarget.value })} />`}
  `;
}

function Pairs({ pairs, onChange }) {
  const change = (at, value) => onChange(pairs.map((pair, other) => (other === at ? [pair[0], value] : pair)));
  return pairs.map(
    ([name, value], at) =>
      html`<${Field} key=${name} label=${name} value=${value} autocomplete="off" spellcheck=${false} onInput=${(event) => change(at, event.currentTarget.value)} />`,
  );
}
