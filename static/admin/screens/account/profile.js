import { api } from '../../api.js';
import { Conflict } from '../../components/conflict.js';
import { Field } from '../../components/field.js';
import { Form } from '../../components/form.js';
import { say } from '../../components/toasts.js';
import { setUser } from '../../session.js';
import { html, useState } from '../../view.js';
import { words } from '../../words/index.js';

const ME = '/api/auth/me';

/** What others see of one. */
export function Profile({ user }) {
  const [conflict, setConflict] = useState(null);
  // The version that the inputs were filled from: the session keeps the user itself fresh.
  const [base, setBase] = useState(user);
  const { account } = words;
  const { profile } = words.ownAccount;
  const settle = (next) => {
    setBase(next);
    setUser(next);
  };
  const save = async (body, version) => {
    const { data } = await api.patch(ME, body, { ifMatch: `"${version}"` });
    settle(data);
    say(profile.saved);
  };
  const send = async ({ displayName, avatarUrl }) => {
    const body = { displayName, avatarUrl: avatarUrl || null };
    try {
      await save(body, base.version);
    } catch (fault) {
      if (fault.status !== 412) throw fault;
      setConflict({ mine: body, theirs: (await api.get(ME)).data });
    }
  };
  return html`
    <${Form} key=${base.version} send=${send} submit=${words.save} busy=${words.saving}>
      ${(issues) => html`
        <div class="fields">
          <${Field} required label=${account.displayName} name="displayName" autocomplete="name" help=${profile.nameHelp} defaultValue=${base.displayName} issue=${issues.displayName} />
          <${Field} label=${profile.avatarUrl} name="avatarUrl" type="url" autocomplete="off" help=${profile.avatarHelp} defaultValue=${base.avatarUrl ?? ''} issue=${issues.avatarUrl} />
        </div>
      `}
    <//>
    ${conflict && html`
      <${Conflict}
        rows=${rows(conflict)}
        onMine=${() => save(conflict.mine, conflict.theirs.version)}
        onTheirs=${() => settle(conflict.theirs)}
        onClose=${() => setConflict(null)}
      />
    `}
  `;
}

function rows({ mine, theirs }) {
  return [
    { label: words.account.displayName, mine: mine.displayName, theirs: theirs.displayName },
    { label: words.ownAccount.profile.avatarUrl, mine: mine.avatarUrl, theirs: theirs.avatarUrl },
  ];
}
