import { html } from '../view.js';
import { Icon } from './icon.js';

const ICONS = { danger: 'circle-alert', warning: 'triangle-alert', success: 'circle-check', info: 'info' };

/**
 * A message in its place on the screen; `kind` is `danger`, `warning`, `success` or `info`. One that
 * `isLasting` is read in its place, and not said again whenever a number in it changes.
 */
export function Notice({ kind, isLasting = false, children }) {
  const role = kind === 'danger' ? 'alert' : 'status';
  return html`
    <div class=${`notice notice-${kind}`} role=${isLasting ? null : role}>
      <${Icon} name=${ICONS[kind]} />
      <div class="notice-body">${children}</div>
    </div>
  `;
}
