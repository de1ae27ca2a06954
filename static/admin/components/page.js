import { html } from '../view.js';
import { Heading } from './heading.js';

/**
 * A screen: its heading with its `actions` beside it, its `tabs` below, and what it shows. `isWide`
 * takes all the width there is, as tables do; all else is as wide as one reads well.
 */
export function Page({ title, lead, actions, tabs, isWide = false, children }) {
  return html`
    <div class=${`page ${isWide ? 'page-wide' : ''}`}>
      <header class="page-head">
        <${Heading} title=${title} />
        ${actions && html`<div class="actions">${actions}</div>`}
        ${lead && html`<p class="lead">${lead}</p>`}
      </header>
      ${tabs}
      ${children}
    </div>
  `;
}
