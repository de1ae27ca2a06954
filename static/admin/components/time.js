import { formatDay, formatInstant } from '../format.js';
import { html } from '../view.js';
import { words } from '../words/index.js';

const STEPS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** An instant, in words from now; the exact one to who points at it. */
export function Time({ at }) {
  return html`<time datetime=${at} title=${formatInstant(at)}>${fromNow(at)}</time>`;
}

/** A day, which has no zone. */
export function Day({ value }) {
  return html`<time datetime=${value}>${formatDay(value)}</time>`;
}

function fromNow(at) {
  const seconds = (new Date(at) - Date.now()) / 1000;
  const step = STEPS.find(([, length]) => Math.abs(seconds) >= length);
  return step ? words.relative(Math.trunc(seconds / step[1]), step[0]) : words.justNow;
}
