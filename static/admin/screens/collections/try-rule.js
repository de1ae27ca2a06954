import { api } from '../../api.js';
import { Button } from '../../components/button.js';
import { FaultNotice } from '../../components/fault-notice.js';
import { TextArea } from '../../components/field.js';
import { byField } from '../../components/form.js';
import { Icon } from '../../components/icon.js';
import { Labelled } from '../../components/labelled.js';
import { RelationPicker } from '../../fields/relation-picker.js';
import { apiName } from '../../names.js';
import { html, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { explained } from './explain.js';

/**
 * Asks what a rule says of a record and somebody who asks, and shows which of its parts said so. A
 * rule that is not saved yet is tried as it is written.
 */
export function TryRule({ operation, rule, stored, permission, areFieldsDirty }) {
  const w = words.ruleEditor;
  return html`
    <details class="col-try">
      <summary>${w.tryIt}</summary>
      <${Trial} operation=${operation} rule=${rule} stored=${stored} permission=${permission} areFieldsDirty=${areFieldsDirty} />
    </details>
  `;
}

function Trial({ operation, rule, stored, permission, areFieldsDirty }) {
  const [asked, setAsked] = useState({ as: null, record: null, body: operation === 'create' ? example(stored) : '{}' });
  const [state, setState] = useState({ isBusy: false, answer: null, issues: {}, fault: null });
  const w = words.ruleEditor;
  const text = rule ?? `auth.can("${permission}")`;
  const send = async (event) => {
    event.preventDefault();
    const own = faultsOf(operation, asked);
    setState({ isBusy: !own, answer: null, issues: own ?? {}, fault: null });
    if (own) return;
    const isStored = (stored.rules?.[operation] ?? null) === rule;
    const body = { collection: stored.name, rule: isStored ? operation : text, as: asked.as, record: recordOf(operation, asked) };
    try {
      const { data } = await api.post('/api/system/rules/test', body);
      setState({ isBusy: false, answer: data, issues: {}, fault: null });
    } catch (fault) {
      setState({ isBusy: false, answer: null, issues: byField(fault.issues ?? []), fault });
    }
  };
  const { issues, answer, fault } = state;
  const others = Object.values(issues).filter(({ field }) => !['as', 'record'].includes(field));
  return html`
    <form class="form" onSubmit=${send} noValidate aria-label=${w.tryOf(w.operations[operation].title)}>
      ${areFieldsDirty && html`<p class="hint">${w.tryDirty}</p>`}
      <div class="fields">
        <${Picker} label=${w.as} help=${w.asHelp} placeholder=${w.guest} issue=${issues.as} collection="users" id=${asked.as} onChoose=${(as) => setAsked({ ...asked, as })} />
        ${operation !== 'create' &&
        html`<${Picker} label=${w.record} help=${w.recordHelp} issue=${issues.record} collection=${stored.name} id=${asked.record} onChoose=${(record) => setAsked({ ...asked, record })} />`}
      </div>
      ${(operation === 'create' || operation === 'update') &&
      html`<${TextArea}
        label=${operation === 'create' ? w.body : w.changes}
        help=${operation === 'update' && w.changesHelp}
        issue=${issues.body}
        class="code-input"
        spellcheck=${false}
        value=${asked.body}
        onInput=${(event) => setAsked({ ...asked, body: event.currentTarget.value })}
      />`}
      ${fault && html`<${FaultNotice} fault=${fault} issues=${others} />`}
      <div class="actions"><${Button} type="submit" icon="play" busy=${state.isBusy && w.asking}>${w.ask}<//></div>
    </form>
    <div role="status">${answer && html`<${Answer} answer=${answer} rule=${text} />`}</div>
  `;
}

function Picker({ label, help, issue, collection, id, onChoose, placeholder }) {
  return html`
    <${Labelled} label=${label} help=${help} issue=${issue}>
      ${(tied) => html`<${RelationPicker} field=${{ key: label, collection }} tied=${tied} typed=${id} onType=${onChoose} placeholder=${placeholder} />`}
    <//>
  `;
}

function Answer({ answer, rule }) {
  const w = words.ruleEditor;
  return html`
    <div class="col-answer">
      <p class=${answer.allowed ? 'col-yes' : 'col-no'}><${Icon} name=${answer.allowed ? 'circle-check' : 'ban'} /> <strong>${answer.allowed ? w.allowed : w.refused}</strong></p>
      <h3>${w.why}</h3>
      <ul class="col-parts"><${Part} part=${explained(rule, answer.parts)} /></ul>
    </div>
  `;
}

const ICONS = { true: 'check', false: 'x', null: 'circle-question-mark' };

function Part({ part }) {
  const w = words.ruleEditor;
  const { kind, expression, value, parts } = part;
  const said = value === undefined ? null : String(value);
  return html`
    <li>
      ${said && html`<span class=${`col-value-${said}`}><${Icon} name=${ICONS[said]} /> ${w.values[said]}</span> `}
      ${kind === 'part' ? html`<code>${expression}</code>${/:bypass"\)$/.test(expression) && html` <small>${w.bypass}</small>`}` : html`<em>${w.joined[kind]}</em>`}
      ${parts.length > 0 && html`<ul>${parts.map((one, at) => html`<${Part} key=${at} part=${one} />`)}</ul>`}
    </li>
  `;
}

function faultsOf(operation, { record, body }) {
  const w = words.ruleEditor;
  if (operation !== 'create' && !record) return { record: { field: 'record', code: '', message: w.chooseRecord } };
  const needsBody = operation === 'create' || operation === 'update';
  return needsBody && !objectOf(body) ? { body: { field: 'body', code: '', message: w.badJson } } : null;
}

function recordOf(operation, { record, body }) {
  if (operation === 'create') return objectOf(body);
  return operation === 'update' ? { id: record, ...objectOf(body) } : record;
}

function objectOf(text) {
  try {
    const value = JSON.parse(text);
    return value?.constructor === Object ? value : null;
  } catch {
    return null;
  }
}

/** A record to begin with: what is required, by its type. */
function example({ fields }) {
  const values = { integer: 1, number: 1, decimal: '1', boolean: true, date: '2026-01-15', datetime: '2026-01-15T10:30:00Z', email: 'a@example.com', url: 'https://example.com', json: {} };
  const value = ({ type, options, default: given }) => given ?? values[type] ?? options?.[0] ?? (type === 'relation' ? null : 'text');
  const required = fields.filter((field) => field.required).map((field) => [apiName(field.name), value(field)]);
  return JSON.stringify(Object.fromEntries(required), null, 2);
}
