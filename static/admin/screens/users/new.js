import { api } from '../../api.js';
import { Button } from '../../components/button.js';
import { Command } from '../../components/command.js';
import { Dialog } from '../../components/dialog.js';
import { EmailField } from '../../components/email-field.js';
import { Field } from '../../components/field.js';
import { Form } from '../../components/form.js';
import { Notice } from '../../components/notice.js';
import { PasswordField } from '../../components/password-field.js';
import { go } from '../../router.js';
import { html, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { newPassword } from './password.js';
import { RoleChoice } from './role-choice.js';
import { EXPLAIN, USERS } from './user.js';

/** Makes an account, and hands over what its owner needs to sign in. */
export function NewUser({ roles, onMade, onClose }) {
  const [made, setMade] = useState(null);
  const [chosen, choose] = useState([]);
  const [generated, setGenerated] = useState('');
  const { making } = words.users;
  const send = async ({ email, displayName, password }) => {
    const { data } = await api.post(USERS, { email, displayName, password, roles: chosen });
    setMade({ user: data, password });
    onMade();
  };
  if (made) return html`<${HandOver} ...${made} onClose=${onClose} />`;
  const generate = html`<${Button} kind="quiet" icon="key" onClick=${() => setGenerated(newPassword())}>${making.generate}<//>`;
  return html`
    <${Dialog} shape="panel" stays title=${making.title} onClose=${onClose}>
      <${Form} send=${send} submit=${making.submit} busy=${making.busy} explain=${EXPLAIN}>
        ${(issues) => html`
          <${EmailField} required autocomplete="off" issue=${issues.email} />
          <${Field} required label=${words.account.displayName} name="displayName" autocomplete="off" help=${making.nameHelp} issue=${issues.displayName} />
          <${PasswordField} required
            key=${generated}
            label=${words.account.password}
            name="password"
            autocomplete="new-password"
            defaultValue=${generated}
            startsShown=${generated !== ''}
            aside=${generate}
            help=${making.passwordHelp}
            issue=${issues.password}
          />
          <${RoleChoice} roles=${roles} chosen=${chosen} onChange=${choose} issue=${issues.roles} />
        `}
      <//>
    <//>
  `;
}

function HandOver({ user, password, onClose }) {
  const { handOver } = words.users;
  const page = location.href.split('#')[0];
  const footer = html`
    <${Button} kind="primary" onClick=${() => go(`/users/${user.id}`)}>${handOver.open}<//>
    <${Button} onClick=${onClose}>${words.close}<//>
  `;
  return html`
    <${Dialog} shape="panel" stays title=${handOver.title(user.displayName)} onClose=${onClose} footer=${footer}>
      <${Notice} kind="success"><p>${handOver.lead}</p><//>
      <${Command} text=${handOver.lines(page, user.email, password)} label=${handOver.label} />
      <p>${handOver.then}</p>
    <//>
  `;
}
