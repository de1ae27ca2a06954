// Values that lead somewhere.
import { to } from '../router.js';
import { html } from '../view.js';

/** The address of a record's own place: an account is among the users. */
export function recordHref(collection, id) {
  return to(collection === 'users' ? `/users/${id}` : `/records/${collection}/${id}`);
}

/** True for what the web can be asked for: a row that some other program has written may hold anything. */
export const isWeb = (text) => /^https?:\/\//i.test(text);

/** An address of the web, as a link; `look` is its class. */
export function WebLink({ address, look, children }) {
  return html`<a class=${look} href=${address} target="_blank" rel="noopener noreferrer">${children}</a>`;
}

/** An address of mail, as a link. */
export function MailLink({ address, look }) {
  return html`<a class=${look} href=${`mailto:${address}`}>${address}</a>`;
}
