import { api } from '../../api.js';
import { Button } from '../../components/button.js';
import { FaultNotice } from '../../components/fault-notice.js';
import { Notice } from '../../components/notice.js';
import { say } from '../../components/toasts.js';
import { recordsPath } from '../../names.js';
import { html, useState } from '../../view.js';
import { words } from '../../words/index.js';

/** What an import has done, line by line where it has not, and the way to take it back. */
export function ImportResult({ definition, result, onClose, onDone }) {
  const { created, updated, failed, errors, importId, canTakeBack } = result;
  const [state, setState] = useState({ isBusy: false, fault: null });
  const { imports } = words.records;
  const takeBack = async () => {
    setState({ isBusy: true, fault: null });
    try {
      const { data } = await api.remove(`${recordsPath(definition.name)}/import/${importId}`);
      onDone();
      onClose();
      say(imports.takenBack(data.deleted, data.kept));
    } catch (fault) {
      setState({ isBusy: false, fault });
    }
  };
  return html`
    <${Notice} kind=${failed > 0 ? 'warning' : 'success'}><p>${imports.result(created, updated, failed)}</p><//>
    ${errors.length > 0 && html`<${ImportFaults} faults=${errors} more=${failed > errors.length} />`}
    ${state.fault && html`<${FaultNotice} fault=${state.fault} />`}
    <div class="actions">
      <${Button} kind="primary" onClick=${onClose}>${imports.toRecords}<//>
      ${canTakeBack && html`<${Button} icon="undo-2" busy=${state.isBusy && imports.takingBack} onClick=${takeBack}>${imports.takeBack}<//>`}
    </div>
    ${canTakeBack && html`<p class="hint">${imports.takeBackHelp}</p>`}
  `;
}

/** Which lines were bad, and why. */
export function ImportFaults({ faults, more = false }) {
  const { imports, column } = words.records;
  return html`
    <div class="records-faults" role="region" aria-label=${imports.faults} tabindex="0">
      <table>
        <thead><tr><th scope="col">${imports.line}</th><th scope="col">${imports.field}</th><th scope="col">${imports.why}</th></tr></thead>
        <tbody>
          ${faults.map(({ line, field, message }) => html`
            <tr key=${`${line}${field}`}><td class="number">${line}</td><td>${field === '_' ? imports.row : column(field)}</td><td>${message}</td></tr>
          `)}
        </tbody>
      </table>
    </div>
    ${more && html`<p class="hint">${imports.moreFaults}</p>`}
  `;
}
