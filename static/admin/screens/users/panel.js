import { api } from '../../api.js';
import { Id } from '../../components/copy.js';
import { Dialog } from '../../components/dialog.js';
import { Loaded } from '../../components/loaded.js';
import { Notice } from '../../components/notice.js';
import { told } from '../../components/permission-list.js';
import { SessionList } from '../../components/session-list.js';
import { Skeleton } from '../../components/skeleton.js';
import { Time } from '../../components/time.js';
import { useLoad } from '../../load.js';
import { useAllows, useUser } from '../../session.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { Details } from './details.js';
import { Standing } from './standing.js';
import { Status } from './table.js';
import { beyond, sessionsPath, userPath } from './user.js';

/** One account: what it is called, what it may do, whether it may sign in, and where it has. */
export function UserPanel({ id, roles, onChange, onReload, onClose }) {
  const user = useLoad(async (signal) => {
    const { data, etag } = await api.get(userPath(id), {}, { signal });
    return { ...data, etag };
  }, [id]);
  const change = (next) => {
    user.set((was) => ({ ...was, ...next }));
    onChange({ ...next, etag: undefined });
  };
  const title = user.value ? user.value.displayName || user.value.email : words.users.one;
  return html`
    <${Dialog} shape="panel" stays title=${title} onClose=${onClose}>
      <${Loaded} load=${user} skeleton=${html`<${Skeleton} rows=${6} />`}>
        ${(value) => html`<${Account} user=${value} roles=${roles} onChange=${change} onReload=${onReload} onClose=${onClose} />`}
      <//>
    <//>
  `;
}

function Account({ user, roles, onChange, onReload, onClose }) {
  const allows = useAllows();
  const me = useUser();
  const { panel } = words.users;
  const isSelf = user.id === me.id;
  const more = beyond(roles.value ?? [], user.roles, me.permissions);
  const isBeyond = more.length > 0;
  const name = user.displayName || user.email;
  return html`
    <div class="users-facts">
      <span>${user.email}</span>
      <${Status} user=${user} />
      <span class="hint">${panel.made} <${Time} at=${user.createdAt} />, ${panel.changed} <${Time} at=${user.updatedAt} /></span>
      <${Id} id=${user.id} />
    </div>
    ${isSelf && html`<${Notice} kind="info"><p>${panel.self}</p><//>`}
    ${isBeyond && html`<${Notice} kind="warning"><p>${panel.beyond}</p><p>${told(more).join(' · ')}</p><//>`}
    <${Details} user=${user} roles=${roles} isFixed=${isBeyond || !allows('users:update')} onChange=${onChange} />
    ${!isBeyond && html`<${Standing} user=${user} isSelf=${isSelf} onChange=${onChange} onReload=${onReload} onClose=${onClose} />`}
    ${!isBeyond && allows('users:update') && html`
      <section class="users-part">
        <h3>${words.users.sessions}</h3>
        <${SessionList} key=${user.status} path=${sessionsPath(user.id)} name=${name} />
      </section>
    `}
  `;
}
