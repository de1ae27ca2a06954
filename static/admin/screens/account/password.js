import { Form } from '../../components/form.js';
import { PasswordField } from '../../components/password-field.js';
import { say } from '../../components/toasts.js';
import { changePassword } from '../../session.js';
import { html, useState } from '../../view.js';
import { words } from '../../words/index.js';

const EXPLAIN = { INVALID_CREDENTIALS: words.changePassword.wrong };

/** Another password; whoever knew the old one is signed out by it. */
export function Password({ user, onChanged }) {
  // What was typed goes with the form that it stood in.
  const [round, setRound] = useState(0);
  const { account, ownAccount, changePassword: gate } = words;
  const send = async ({ currentPassword, newPassword }) => {
    await changePassword({ currentPassword, newPassword });
    setRound(round + 1);
    onChanged();
    say(ownAccount.password.changed);
  };
  return html`
    <${Form} key=${round} send=${send} submit=${gate.submit} busy=${gate.busy} explain=${EXPLAIN}>
      ${(issues) => html`
        <input type="email" autocomplete="username" value=${user.email} hidden />
        <div class="fields">
          <${PasswordField} required label=${account.currentPassword} name="currentPassword" autocomplete="current-password" issue=${issues.currentPassword} />
          <${PasswordField} required label=${account.newPassword} help=${account.passwordHelp} name="newPassword" autocomplete="new-password" issue=${issues.newPassword} />
        </div>
        <p class="hint">${ownAccount.password.help}</p>
      `}
    <//>
  `;
}
