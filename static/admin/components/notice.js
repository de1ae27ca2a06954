import { html } from '../view.js';
import { Icon } from './icon.js';

const ICONS = { danger: 'circle-alert', warning: 'triangle-alert', success: 'circle-check', info: 'info' };

/** A message in its place on the screen; `kind` is `danger`, `warning`, `success` or `info`. */
export function Notice({ kind, children }) {
  return html`
    <div class=${`notice notice-${kind}`} role=${kind === 'danger' ? 'alert' : 'status'}>
      <${Icon} name=${ICONS[kind]} />
      <div class="notice-body">${children}</div>
    </div>
  `;
}
