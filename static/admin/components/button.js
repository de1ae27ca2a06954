import { html } from '../view.js';
import { Icon } from './icon.js';
import { Spinner } from './spinner.js';

/**
 * A button that says what it does, and with `busy` (words) what it is doing. A busy one keeps the
 * focus and ignores clicks. `kind` is `primary`, `plain`, `quiet` or `danger`; `icon` stands before
 * the words.
 */
export function Button({ kind = 'plain', type = 'button', icon, busy = '', onClick, children, ...rest }) {
  const click = (event) => {
    if (busy) event.preventDefault();
    else onClick?.(event);
  };
  return html`
    <button class=${`button button-${kind}`} type=${type} aria-disabled=${busy ? 'true' : null} onClick=${click} ...${rest}>
      ${busy ? html`<${Spinner} /> ${busy}` : html`${icon && html`<${Icon} name=${icon} />`}${children}`}
    </button>
  `;
}

/** The same look for what leads to another screen. */
export function LinkButton({ kind = 'plain', icon, href, children, ...rest }) {
  return html`<a class=${`button button-${kind}`} href=${href} ...${rest}>${icon && html`<${Icon} name=${icon} />`}${children}</a>`;
}

/** A button that is an icon; `label` says what it does, to all who point at it or cannot see it. */
export function IconButton({ icon, label, kind = 'quiet', ...rest }) {
  return html`
    <button class=${`button button-${kind} icon-button`} type="button" aria-label=${label} title=${label} ...${rest}>
      <${Icon} name=${icon} />
    </button>
  `;
}
