import { api, newKey } from '../../api.js';
import { Dialog } from '../../components/dialog.js';
import { Field, Select } from '../../components/field.js';
import { Form } from '../../components/form.js';
import { say } from '../../components/toasts.js';
import { lacking } from '../../permissions.js';
import { ROLES } from '../../roles.js';
import { useUser } from '../../session.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';

/** Makes a role, with nothing in it or with what another one allows. */
export function NewRole({ roles, onMade, onClose }) {
  const held = useUser().permissions;
  const { making } = words.roles;
  const given = roles.filter(({ permissions }) => lacking(held, permissions).length === 0);
  const options = [{ value: '', label: making.empty }, ...given.map(({ name }) => name)];
  const send = async ({ name, from }) => {
    const permissions = roles.find((role) => role.name === from)?.permissions ?? [];
    const { data } = await api.post(ROLES, { name, permissions }, { key: newKey() });
    say(making.done(name));
    onMade(data);
  };
  return html`
    <${Dialog} stays title=${making.title} onClose=${onClose}>
      <${Form} send=${send} submit=${making.submit} busy=${making.busy}>
        ${(issues) => html`
          <${Field} required label=${making.name} help=${making.nameHelp} name="name" autocomplete="off" autocapitalize="none" spellcheck=${false} issue=${issues.name} />
          <${Select} label=${making.from} name="from" options=${options} value="" issue=${issues.permissions} />
        `}
      <//>
    <//>
  `;
}
