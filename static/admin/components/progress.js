import { html } from '../view.js';

/** How far something has come, as a bar; `label` says it in words. Without `value` nobody knows. */
export function Progress({ value, max, label }) {
  return html`
    <div class="progress">
      <progress aria-label=${label} value=${value} max=${max}></progress>
      <p class="hint" role="status">${label}</p>
    </div>
  `;
}
