import { Button } from '../../components/button.js';
import { FaultNotice } from '../../components/fault-notice.js';
import { Notice } from '../../components/notice.js';
import { Time } from '../../components/time.js';
import { html, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { inTheWay, restore } from './deletion.js';
import { About } from './about.js';
import { Values } from './version.js';

/** A record that is deleted softly: what it was, and the way back for those who may take it. */
export function Trashed({ definition, fields, record, canRestore, onRestored }) {
  const [state, setState] = useState({ isBusy: false, fault: null });
  const [before, after] = words.record.trashed('|').split('|');
  const bringBack = async () => {
    setState({ isBusy: true, fault: null });
    try {
      onRestored(await restore(definition, record.id));
    } catch (fault) {
      setState({ isBusy: false, fault });
    }
  };
  return html`
    <${Notice} kind="warning">
      <p>${before}<${Time} at=${record.deletedAt} />${after}</p>
      ${canRestore && html`<${Button} icon="rotate-ccw" busy=${state.isBusy && words.restoring} onClick=${bringBack}>${words.restore}<//>`}
    <//>
    ${state.fault && html`<${Refused} fault=${state.fault} />`}
    <${Values} fields=${fields} record=${record} />
    <${About} stored=${record} />
  `;
}

function Refused({ fault }) {
  const above = inTheWay(fault);
  if (!above) return html`<${FaultNotice} fault=${fault} />`;
  return html`<${Notice} kind="danger"><p>${words.record.underDeleted(above.key)}</p><//>`;
}
