import { html } from '../view.js';
import { words } from '../words/index.js';
import { Field } from './field.js';

/** The address that an account signs in with. */
export function EmailField(input) {
  return html`
    <${Field}
      label=${words.account.email}
      name="email"
      type="email"
      autocomplete="username"
      autocapitalize="none"
      spellcheck=${false}
      ...${input}
    />
  `;
}
