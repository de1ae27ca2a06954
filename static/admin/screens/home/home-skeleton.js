import { html } from '../../view.js';
import { words } from '../../words/index.js';

/** Grey boxes where the figures and charts come. */
export function HomeSkeleton() {
  return html`
    <div role="status">
      <span class="visually-hidden">${words.loading}</span>
      <div class="home skeleton" aria-hidden="true">
        <div class="home-figures">${[1, 2, 3, 4].map(() => html`<div class="home-ghost home-ghost-figure"></div>`)}</div>
        <div class="home-charts">${[1, 2, 3].map(() => html`<div class="home-ghost home-ghost-chart"></div>`)}</div>
      </div>
    </div>
  `;
}
