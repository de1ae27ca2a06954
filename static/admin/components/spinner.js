import { html } from '../view.js';

/** Turns while something is under way; the style sheet shows it after 300 ms only. */
export function Spinner() {
  return html`<span class="spinner" aria-hidden="true"></span>`;
}
