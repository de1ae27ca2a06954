import { api } from '../../api.js';
import { Conflict } from '../../components/conflict.js';
import { Field } from '../../components/field.js';
import { Form } from '../../components/form.js';
import { say } from '../../components/toasts.js';
import { html, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { RoleChoice } from './role-choice.js';
import { EXPLAIN, userPath } from './user.js';

/** What an account is called and what it may do, to be changed together. */
export function Details({ user, roles, isFixed, onChange }) {
  const [chosen, choose] = useState(user.roles);
  const [conflict, setConflict] = useState(null);
  const [round, setRound] = useState(0);
  const { panel } = words.users;
  const save = async (body, ifMatch) => {
    const { data, etag } = await api.patch(userPath(user.id), body, { ifMatch });
    choose(data.roles);
    onChange({ ...data, etag });
    say(panel.saved(data.displayName));
  };
  const send = async ({ displayName, avatarUrl }) => {
    const body = { displayName, avatarUrl: avatarUrl || null, ...(same(chosen, user.roles) ? {} : { roles: chosen }) };
    try {
      await save(body, user.etag);
    } catch (fault) {
      if (fault.status !== 412) throw fault;
      const { data, etag } = await api.get(userPath(user.id));
      setConflict({ mine: body, theirs: data, etag });
    }
  };
  const overwrite = () => save(conflict.mine, conflict.etag);
  const takeTheirs = async () => {
    choose(conflict.theirs.roles);
    setRound(round + 1);
    onChange({ ...conflict.theirs, etag: conflict.etag });
  };
  return html`
    <${Form} key=${round} send=${send} submit=${words.save} busy=${words.saving} explain=${EXPLAIN} isReadOnly=${isFixed}>
      ${(issues) => html`
        <div class="fields">
          <${Field} required label=${words.account.displayName} name="displayName" autocomplete="off" readOnly=${isFixed} defaultValue=${user.displayName} issue=${issues.displayName} />
          <${Field} label=${panel.avatarUrl} name="avatarUrl" type="url" autocomplete="off" readOnly=${isFixed} defaultValue=${user.avatarUrl ?? ''} issue=${issues.avatarUrl} />
        </div>
        <${RoleChoice} roles=${roles} chosen=${chosen} onChange=${choose} issue=${issues.roles} isFixed=${isFixed} />
      `}
    <//>
    ${conflict && html`<${Conflict} rows=${rows(conflict)} onMine=${overwrite} onTheirs=${takeTheirs} onClose=${() => setConflict(null)} />`}
  `;
}

function rows({ mine, theirs }) {
  const { account, users } = words;
  return [
    { label: account.displayName, mine: mine.displayName, theirs: theirs.displayName },
    { label: users.panel.avatarUrl, mine: mine.avatarUrl, theirs: theirs.avatarUrl },
    { label: users.columns.roles, mine: (mine.roles ?? theirs.roles).join(', '), theirs: theirs.roles.join(', ') },
  ];
}

function same(one, other) {
  return one.length === other.length && one.every((name) => other.includes(name));
}
