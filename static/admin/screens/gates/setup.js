import { EmailField } from '../../components/email-field.js';
import { Field } from '../../components/field.js';
import { Form } from '../../components/form.js';
import { Heading } from '../../components/heading.js';
import { PasswordField } from '../../components/password-field.js';
import { setUp } from '../../session.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';

const EXPLAIN = { TOKEN_INVALID: words.setup.badLink, TOKEN_EXPIRED: words.setup.badLink };

/** Makes the first account of an instance, for who opened its setup link. */
export function Setup() {
  const { account, setup } = words;
  return html`
    <${Heading} title=${setup.title} />
    <p class="lead">${setup.lead}</p>
    <${Form} send=${setUp} submit=${setup.submit} busy=${setup.busy} explain=${EXPLAIN} takesFocus>
      ${(issues) => html`
        <${Field} required
          label=${account.displayName}
          help=${account.displayNameHelp}
          name="displayName"
          autocomplete="name"
          issue=${issues.displayName}
        />
        <${EmailField} required issue=${issues.email} />
        <${PasswordField} required
          label=${account.password}
          help=${account.passwordHelp}
          name="password"
          autocomplete="new-password"
          issue=${issues.password}
        />
      `}
    <//>
  `;
}
