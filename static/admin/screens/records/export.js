import { Button } from '../../components/button.js';
import { Dialog } from '../../components/dialog.js';
import { Checkbox, Select } from '../../components/field.js';
import { FaultNotice } from '../../components/fault-notice.js';
import { say } from '../../components/toasts.js';
import { saveFile } from '../../download.js';
import { allFieldsOf } from '../../fields/types.js';
import { html, useEffect, useRef, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { fetchExport } from './download.js';

/** Which records, which columns, in which form; then the file, row by row. */
export function Export({ definition, columns, conditions, sort, selection, total, isTrash, onClose }) {
  const { exports } = words.records;
  const isSome = selection && !selection.isAll;
  const isFiltered = Boolean(conditions.filter || conditions.search);
  const scopes = [
    isSome && { value: 'selected', label: exports.selected(selection.count) },
    (isFiltered || !isSome) && { value: 'shown', label: isFiltered ? exports.shown(total) : exports.all(total) },
    isFiltered && { value: 'all', label: exports.all(null) },
  ].filter(Boolean);
  const [scope, setScope] = useState(scopes[0].value);
  const [format, setFormat] = useState('csv');
  const all = exported(definition);
  const [keys, setKeys] = useState(all.map(({ key }) => key));
  const run = useRun(definition.name, onClose);
  const start = () => {
    const which = { selected: {}, shown: { filter: conditions.filter, search: conditions.search }, all: {} }[scope];
    const fields = keys.length === all.length ? '' : all.filter(({ key }) => keys.includes(key)).map(({ key }) => key).join(',');
    const asked = { ...which, fields, trashed: isTrash ? 'only' : '', sort: scope === 'all' ? '' : sort };
    run.start(format, { ids: scope === 'selected' ? selection.ids : null, asked });
  };
  const expected = { selected: selection?.count, shown: total }[scope] ?? null;
  const footer = run.rows === null
    ? html`<${Button} kind="primary" icon="download" disabled=${keys.length === 0} onClick=${start}>${exports.start}<//>`
    : html`<p role="status" class="total">${exports.progress(run.rows, expected)}</p><${Button} onClick=${run.stop}>${words.cancel}<//>`;
  return html`
    <${Dialog} stays title=${exports.title(definition.name)} onClose=${run.leave} footer=${footer}>
      <div class="fields">
        <${Select} label=${exports.which} options=${scopes} value=${scope} onChange=${(event) => setScope(event.currentTarget.value)} />
        <${Select} label=${exports.format} options=${exports.formats} value=${format} onChange=${(event) => setFormat(event.currentTarget.value)} />
      </div>
      <${Choice} all=${all} shown=${columns} keys=${keys} onChoose=${setKeys} />
      ${run.fault && html`<${FaultNotice} fault=${run.fault} />`}
    <//>
  `;
}

/** Which columns the file has. */
function Choice({ all, shown, keys, onChoose }) {
  const { exports, column } = words.records;
  const every = all.map(({ key }) => key);
  const listed = shown.map(({ key }) => key);
  const tick = (key) => (is) => onChoose((was) => (is ? [...was, key] : was.filter((one) => one !== key)));
  return html`
    <fieldset class="records-export-columns">
      <legend>${exports.columns}</legend>
      <div class="actions">
        <${Button} kind="quiet" onClick=${() => onChoose(every)}>${exports.allColumns}<//>
        <${Button} kind="quiet" onClick=${() => onChoose(every.filter((key) => listed.includes(key)))}>${exports.shownColumns}<//>
      </div>
      <div class="records-columns">
        ${every.map((key) => html`<${Checkbox} key=${key} label=${column(key)} checked=${keys.includes(key)} onChange=${tick(key)} />`)}
      </div>
    </fieldset>
  `;
}

/** `{ rows, fault, start, stop, leave }`: `rows` is null while nothing runs. */
function useRun(name, onClose) {
  const [state, setState] = useState({ rows: null, fault: null });
  const running = useRef(null);
  useEffect(() => () => running.current?.abort(), []);
  const start = async (format, asked) => {
    running.current = new AbortController();
    setState({ rows: 0, fault: null });
    let count = 0;
    const onRows = (rows) => {
      count = rows;
      setState({ rows, fault: null });
    };
    try {
      const blob = await fetchExport(name, format, { ...asked, onRows, signal: running.current.signal });
      saveFile(blob, `${name}.${format}`);
      say(words.records.exports.done(count));
      onClose();
    } catch (fault) {
      setState({ rows: null, fault: fault.name === 'AbortError' ? null : broken(fault) });
    }
  };
  const stop = () => running.current?.abort();
  const leave = () => {
    stop();
    onClose();
  };
  return { ...state, start, stop, leave };
}

/** A stream that breaks off is no Fault of the API. */
function broken(fault) {
  return 'status' in fault ? fault : { status: 0, message: '', isOffline: true };
}

/** What a file can have: all that a list tells. */
function exported(definition) {
  const fields = allFieldsOf(definition).filter(({ hidden, key }) => !hidden && key !== 'id');
  const id = allFieldsOf(definition).find(({ key }) => key === 'id');
  return [id, ...fields, { key: 'version', type: 'integer', name: 'version' }];
}
