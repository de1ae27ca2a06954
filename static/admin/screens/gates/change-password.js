import { Form } from '../../components/form.js';
import { Heading } from '../../components/heading.js';
import { PasswordField } from '../../components/password-field.js';
import { SignOut } from '../../components/sign-out.js';
import { changePassword } from '../../session.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';

const EXPLAIN = { INVALID_CREDENTIALS: words.changePassword.wrong };

/** The first thing to do for who got a password from somebody else. */
export function ChangePassword({ session }) {
  const { account } = words;
  const screen = words.changePassword;
  return html`
    <${Heading} title=${screen.title} />
    <p class="lead">${screen.lead}</p>
    <${Form} send=${changePassword} submit=${screen.submit} busy=${screen.busy} explain=${EXPLAIN} extra=${html`<${SignOut} kind="quiet" />`} takesFocus>
      ${(issues) => html`
        <input type="email" autocomplete="username" value=${session.user.email} hidden />
        <${PasswordField} required
          label=${account.currentPassword}
          name="currentPassword"
          autocomplete="current-password"
          issue=${issues.currentPassword}
        />
        <${PasswordField} required
          label=${account.newPassword}
          help=${account.passwordHelp}
          name="newPassword"
          autocomplete="new-password"
          issue=${issues.newPassword}
        />
      `}
    <//>
  `;
}
