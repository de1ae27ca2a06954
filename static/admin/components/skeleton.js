import { html } from '../view.js';
import { words } from '../words/index.js';

/** Grey rows of the size of those that come; the style sheet shows them after 300 ms only. */
export function Skeleton({ rows, label = words.loading }) {
  return html`
    <div role="status">
      <span class="visually-hidden">${label}</span>
      <ul class="rows skeleton" aria-hidden="true">
        ${Array.from({ length: rows }, () => html`<li class="row"><span class="bar"></span></li>`)}
      </ul>
    </div>
  `;
}
