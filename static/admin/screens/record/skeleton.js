import { html } from '../../view.js';
import { isLong, isWide } from '../../fields/input.js';
import { words } from '../../words/index.js';

/** Grey fields of the size of those that come. */
export function FormSkeleton({ fields }) {
  return html`
    <div role="status">
      <span class="visually-hidden">${words.record.loading}</span>
      <div class="record-fields skeleton" aria-hidden="true">
        ${fields.map((field) => html`<div key=${field.key} class=${`record-ghost ${isWide(field) ? 'record-wide' : ''} ${isLong(field) ? 'record-ghost-long' : ''}`}><span class="bar"></span><span class="record-ghost-input"></span></div>`)}
      </div>
    </div>
  `;
}
