import { api, withQuery } from '../../api.js';
import { Button } from '../../components/button.js';
import { Dialog } from '../../components/dialog.js';
import { FaultNotice } from '../../components/fault-notice.js';
import { Field, Select } from '../../components/field.js';
import { Progress } from '../../components/progress.js';
import { fieldsOf } from '../../fields/types.js';
import { formatBytes } from '../../format.js';
import { recordsPath } from '../../names.js';
import { html, useEffect, useRef, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { ImportFaults, ImportResult } from './import-result.js';

const TYPES = { csv: 'text/csv', ndjson: 'application/x-ndjson' };

/** Records from a file. Closing the window ends the upload; what is being written goes on to its end. */
export function Import({ definition, canUpdate, onDone, onClose }) {
  const run = useImport(definition, onDone);
  const { imports } = words.records;
  const close = () => {
    run.stop();
    onClose();
  };
  return html`
    <${Dialog} stays title=${imports.title(definition.name)} onClose=${close}>
      ${run.result
        ? html`<${ImportResult} definition=${definition} ...${run} onClose=${close} onDone=${onDone} />`
        : html`<${Choices} definition=${definition} canUpdate=${canUpdate} run=${run} />`}
    <//>
  `;
}

function Choices({ definition, canUpdate, run }) {
  const [file, setFile] = useState(null);
  const [choice, setChoice] = useState({ format: 'csv', mode: 'create', onError: 'abort' });
  const { imports, column } = words.records;
  const set = (name) => (event) => setChoice((was) => ({ ...was, [name]: event.currentTarget.value }));
  const unique = canUpdate ? fieldsOf(definition).filter((field) => field.unique && field.type !== 'relation') : [];
  const modes = [{ value: 'create', label: imports.create }, ...unique.map(({ key }) => ({ value: key, label: imports.upsert(column(key)) }))];
  const take = (event) => {
    const [chosen = null] = event.currentTarget.files;
    setFile(chosen);
    if (chosen) setChoice((was) => ({ ...was, format: /\.(nd)?jsonl?$/i.test(chosen.name) ? 'ndjson' : 'csv' }));
  };
  const start = (event) => {
    event.preventDefault();
    if (file && !run.stage) run.start(file, choice);
  };
  return html`
    <form class="form" onSubmit=${start}>
      <${Field}
        label=${imports.file}
        type="file"
        accept=".csv,.ndjson,.jsonl,text/csv,application/x-ndjson"
        help=${imports.fileHelp}
        required
        disabled=${Boolean(run.stage)}
        onChange=${take}
      />
      <div class="fields">
        <${Select} label=${imports.format} options=${words.records.exports.formats} value=${choice.format} onChange=${set('format')} />
        <${Select} label=${imports.mode} options=${modes} value=${choice.mode} onChange=${set('mode')} />
        <${Select} label=${imports.onError} options=${imports.onErrors} value=${choice.onError} onChange=${set('onError')} />
      </div>
      ${run.stage && html`<${Stage} stage=${run.stage} />`}
      ${run.fault && html`<${Refused} fault=${run.fault} />`}
      <div class="actions">
        <${Button} kind="primary" icon="upload" type="submit" disabled=${!file || Boolean(run.stage)}>${imports.start}<//>
        ${run.stage?.isSending && html`<${Button} onClick=${run.stop}>${words.cancel}<//>`}
      </div>
    </form>
  `;
}

function Stage({ stage: { isSending, sent, size } }) {
  const { imports } = words.records;
  if (!isSending) return html`<${Progress} label=${imports.writing} />`;
  return html`<${Progress} value=${sent} max=${size} label=${imports.sending(formatBytes(sent), formatBytes(size))} />`;
}

/** Faults of rows as a list of lines; all others as they are. */
function Refused({ fault }) {
  const ofLines = (fault.issues ?? []).filter(({ params }) => params?.line);
  const faults = ofLines.map(({ field, message, params }) => ({ line: params.line, field: field.replace(/^lines\[\d+\]\.?/, '') || '_', message }));
  if (faults.length === 0) return html`<${FaultNotice} fault=${fault} />`;
  return html`<div role="alert"><p>${words.records.imports.refused}</p></div><${ImportFaults} faults=${faults} />`;
}

/** `{ stage, result, fault, start, stop, takeBack }`; `stage` is null while nothing runs. */
function useImport(definition, onDone) {
  const [state, setState] = useState({ stage: null, result: null, fault: null });
  const running = useRef(null);
  useEffect(() => () => running.current?.abort(), []);
  const path = `${recordsPath(definition.name)}/import`;
  const start = async (file, { format, mode, onError }) => {
    running.current = new AbortController();
    const onProgress = (sent, size) => setState({ stage: { isSending: sent < size, sent, size }, result: null, fault: null });
    onProgress(0, file.size);
    const how = mode === 'create' ? { mode } : { mode: 'upsert', on: mode };
    try {
      const { data } = await api.upload(withQuery(path, { ...how, onError }), file, { type: TYPES[format], onProgress, signal: running.current.signal });
      setState({ stage: null, result: { ...data, canTakeBack: mode === 'create' && data.created > 0 }, fault: null });
      onDone();
    } catch (fault) {
      setState({ stage: null, result: null, fault: fault.name === 'AbortError' ? null : fault });
    }
  };
  return { ...state, start, stop: () => running.current?.abort() };
}
