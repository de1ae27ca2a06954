import { Button } from '../../components/button.js';
import { Notice } from '../../components/notice.js';
import { sayFault } from '../../components/toasts.js';
import { html, useState } from '../../view.js';
import { words } from '../../words/index.js';

/** Says that the record was deleted while it was edited, with the ways on. `restoreIt` is missing where it is not for the user. */
export function Gone({ makeAgain, restoreIt }) {
  const [busy, setBusy] = useState('');
  const { record } = words;
  const run = (name, act) => async () => {
    setBusy(name);
    await act().catch(sayFault);
    setBusy('');
  };
  return html`
    <${Notice} kind="danger">
      <p>${record.gone}</p>
      <div class="actions">
        ${restoreIt && html`<${Button} icon="rotate-ccw" busy=${busy === 'restore' && words.restoring} onClick=${run('restore', restoreIt)}>${record.restoreAndSave}<//>`}
        ${makeAgain && html`<${Button} icon="plus" busy=${busy === 'make' && words.saving} onClick=${run('make', makeAgain)}>${record.makeAgain}<//>`}
      </div>
    <//>
  `;
}

/** Says which records are in the way of a deletion, with the way to them. */
export function Blocked({ by, href }) {
  const { record } = words;
  return html`<${Notice} kind="danger"><p>${record.inTheWay(by.collection, by.key)}</p><p><a href=${href}>${record.showThem}</a></p><//>`;
}
