import { html, useState } from '../view.js';
import { words } from '../words/index.js';
import { Field } from './field.js';

/** A password, with a button that shows what was typed. */
export function PasswordField({ label, ...input }) {
  const [isShown, show] = useState(false);
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
      ...${input}
    />
  `;
}
