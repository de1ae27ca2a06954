import { html, useState } from '../view.js';
import { words } from '../words/index.js';
import { Field } from './field.js';
import { Icon } from './icon.js';

/**
 * A password, with a button that shows what was typed (or with `startsShown` hides it), and a hint
 * where Caps Lock is on, since nobody sees that in dots.
 */
export function PasswordField({ label, startsShown = false, ...input }) {
  const [isShown, show] = useState(startsShown);
  const [isCaps, setCaps] = useState(false);
  const look = (event) => setCaps(event.getModifierState?.('CapsLock') ?? false);
  const { account } = words;
  const toggle = html`
    <button
      class="control-button"
      type="button"
      aria-label=${isShown ? account.hideLabel(label) : account.showLabel(label)}
      onClick=${() => show(!isShown)}
    >
      ${isShown ? account.hide : account.show}
    </button>
  `;
  return html`
    <${Field}
      label=${label}
      type=${isShown ? 'text' : 'password'}
      autocapitalize="none"
      spellcheck=${false}
      after=${toggle}
      onKeyDown=${look}
      onKeyUp=${look}
      onBlur=${() => setCaps(false)}
      ...${input}
    />
    <p class="caps-lock" role="status">${isCaps && html`<${Icon} name="triangle-alert" /> ${account.capsLock}`}</p>
  `;
}
