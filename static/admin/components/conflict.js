import { html, useState } from '../view.js';
import { words } from '../words/index.js';
import { Button } from './button.js';
import { Dialog } from './dialog.js';
import { FaultNotice } from './fault-notice.js';

/**
 * Somebody else saved first: both sides beside each other, `rows` of `{ label, mine, theirs }`
 * (texts, or what is drawn for them). `onMine` saves over it, `onTheirs` takes what is there; each
 * may throw a Fault. Closed otherwise, nothing has happened.
 */
export function Conflict({ rows, onMine, onTheirs, onClose }) {
  const [state, setState] = useState({ isBusy: false, fault: null });
  const { conflict } = words;
  const settle = async (act) => {
    setState({ isBusy: true, fault: null });
    try {
      await act();
      onClose();
    } catch (fault) {
      setState({ isBusy: false, fault });
    }
  };
  const footer = html`
    <${Button} kind="primary" busy=${state.isBusy && words.saving} onClick=${() => settle(onMine)}>${conflict.keepMine}<//>
    <${Button} onClick=${() => settle(onTheirs)}>${conflict.takeTheirs}<//>
    <${Button} kind="quiet" onClick=${onClose}>${words.cancel}<//>
  `;
  return html`
    <${Dialog} title=${conflict.title} onClose=${onClose} footer=${footer}>
      <p>${conflict.lead}</p>
      <table class="conflict">
        <thead>
          <tr><td></td><th scope="col">${conflict.mine}</th><th scope="col">${conflict.theirs}</th></tr>
        </thead>
        <tbody>
          ${rows.map((row) => html`<${Side} key=${row.label} ...${row} />`)}
        </tbody>
      </table>
      ${state.fault && html`<${FaultNotice} fault=${state.fault} />`}
    <//>
  `;
}

function Side({ label, mine, theirs }) {
  const look = mine === theirs ? '' : 'conflict-differs';
  return html`<tr class=${look}><th scope="row">${label}</th><td>${mine || words.none}</td><td>${theirs || words.none}</td></tr>`;
}
