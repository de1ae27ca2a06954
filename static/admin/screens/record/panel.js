import { Dialog } from '../../components/dialog.js';
import { html } from '../../view.js';

/** Stands in for the record's panel: shows which record is meant. */
export function RecordPanel({ id, onClose }) {
  return html`<${Dialog} shape="panel" title=${id} onClose=${onClose}><p>${id}</p><//>`;
}
