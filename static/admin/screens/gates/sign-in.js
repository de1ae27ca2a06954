import { EmailField } from '../../components/email-field.js';
import { Form } from '../../components/form.js';
import { Heading } from '../../components/heading.js';
import { Notice } from '../../components/notice.js';
import { PasswordField } from '../../components/password-field.js';
import { signIn } from '../../session.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';

const EXPLAIN = { INVALID_CREDENTIALS: words.signIn.wrong, FORBIDDEN: words.signIn.disabled, NO_COOKIES: words.signIn.noCookies };

/** Email and password; the address in the browser stays, so that the work goes on where it was. */
export function SignIn({ session }) {
  const { notice, email } = session;
  return html`
    <${Heading} title=${words.signIn.title} />
    ${notice && html`<${Notice} kind=${notice.kind}><p>${notice.text}</p><//>`}
    <${Form} send=${signIn} submit=${words.signIn.submit} busy=${words.signIn.busy} explain=${EXPLAIN} takesFocus>
      ${(issues) => html`
        <${EmailField} required defaultValue=${email} issue=${issues.email} />
        <${PasswordField} required
          label=${words.account.password}
          name="password"
          autocomplete="current-password"
          issue=${issues.password}
        />
      `}
    <//>
    <p class="hint">${words.signIn.firstTime}</p>
  `;
}
