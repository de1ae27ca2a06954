import { html } from '../view.js';
import { Spinner } from './spinner.js';

/**
 * A button that says what it does, and with `busy` (words) what it is doing. A busy one keeps the
 * focus and ignores clicks. `kind` is `primary` or `plain`.
 */
export function Button({ kind = 'plain', type = 'button', busy = '', onClick, children, ...rest }) {
  const click = (event) => {
    if (busy) event.preventDefault();
    else onClick?.(event);
  };
  return html`
    <button
      class=${`button button-${kind}`}
      type=${type}
      aria-disabled=${busy ? 'true' : null}
      onClick=${click}
      ...${rest}
    >
      ${busy ? html`<${Spinner} /> ${busy}` : children}
    </button>
  `;
}
