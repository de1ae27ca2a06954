import { html } from '../view.js';
import { Icon } from './icon.js';

/** A message in its place on the screen; `kind` is `danger`, `warning`, `success` or `info`. */
export function Notice({ kind, children }) {
  return html`
    <div class=${`notice notice-${kind}`} role=${kind === 'danger' ? 'alert' : 'status'}>
      <${Icon} name=${kind} />
      <div class="notice-body">${children}</div>
    </div>
  `;
}
