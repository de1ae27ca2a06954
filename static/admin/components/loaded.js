import { html } from '../view.js';
import { words } from '../words/index.js';
import { FaultNotice } from './fault-notice.js';

/**
 * The states of whatever is loaded, in one place: `skeleton` until the first answer, the fault with
 * a way to try again, and `children(value)` as soon and as long as there is something to show. What
 * was loaded stays while Stead cannot be reached; the banner above says so.
 *
 * `load` is what `useLoad` gives.
 */
export function Loaded({ load, skeleton, explain, children }) {
  const { value, fault, isBusy, reload } = load;
  const isStale = value !== undefined && fault?.isOffline;
  // Who may not see it may not see it a moment later, either.
  const onRetry = fault?.status === 403 ? null : reload;
  return html`
    ${fault && !isStale && html`<${FaultNotice} fault=${fault} explain=${explain} onRetry=${onRetry} busy=${isBusy && words.busy} />`}
    ${value === undefined && !fault && skeleton}
    ${value !== undefined && children(value)}
  `;
}
