import { html } from '../view.js';
import { words } from '../words/index.js';
import { Button } from './button.js';
import { Notice } from './notice.js';

/**
 * Says what went wrong. `explain` has a screen's own words by error code; `issues` are faults that
 * have no field on this screen, where it has fields; with `onRetry` it offers to try again.
 */
export function FaultNotice({ fault, explain = {}, issues = explain[fault.code] ? [] : (fault.issues ?? []), onRetry, busy }) {
  const id = fault.status >= 500 && fault.requestId;
  return html`
    <${Notice} kind="danger">
      <p>${explain[fault.code] ?? sentence(fault)}</p>
      ${fault.isOffline && html`<p>${words.faults.unreachableHelp}</p>`}
      ${issues.map(({ field, message }) => html`<p>${field === '_' ? message : `${field}: ${message}`}</p>`)}
      ${id && html`<p>${words.requestId} <code>${id}</code></p>`}
      ${onRetry && html`<${Button} icon="refresh-cw" busy=${busy} onClick=${onRetry}>${words.retry}<//>`}
    <//>
  `;
}

/** A fault in one sentence. */
export function sentence({ status, code, message, retryAfter, isOffline }) {
  const { faults } = words;
  if (isOffline) return faults.unreachable;
  if (status === 429) return retryAfter === null ? faults.rateLimitedSoon : faults.rateLimited(retryAfter);
  if (code === 'UNREADABLE') return faults.unreadable;
  if (code === 'VALIDATION_ERROR') return faults.invalid;
  if (status === 403) return faults.forbidden(message);
  if (code === 'NOT_FOUND') return faults.notFound;
  if (status === 503) return faults.unavailable;
  if (status >= 500) return faults.internal;
  return message;
}
