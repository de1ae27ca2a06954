import { Page } from '../../components/page.js';
import { PermissionList } from '../../components/permission-list.js';
import { SessionList } from '../../components/session-list.js';
import { SignOut } from '../../components/sign-out.js';
import { Tag } from '../../components/tag.js';
import { useUser } from '../../session.js';
import { html, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { Look } from './look.js';
import { Password } from './password.js';
import { Profile } from './profile.js';

const SESSIONS = '/api/auth/sessions';

/**
 * One's own account: what it is called, how it signs in, where it is signed in, what it may do. What
 * has to be loaded stands below what has not, so that nothing moves under a finger.
 */
export function Account() {
  const user = useUser();
  const [round, setRound] = useState(0);
  const screen = words.ownAccount;
  return html`
    <${Page} title=${screen.title} lead=${user.email} actions=${html`<${SignOut} />`}>
      <${Part} title=${screen.profile.title}><${Profile} user=${user} /><//>
      <${Part} title=${screen.password.title}><${Password} user=${user} onChanged=${() => setRound(round + 1)} /><//>
      <${Part} title=${screen.look.title}><${Look} /><//>
      <${Part} title=${screen.sessions}><${SessionList} key=${round} path=${SESSIONS} isOwn /><//>
      <${Part} title=${screen.rights}>
        <p class="account-roles">${user.roles.length === 0 ? screen.noRoles : user.roles.map((name) => html`<${Tag} key=${name} kind="accent">${name}<//>`)}</p>
        <${PermissionList} permissions=${user.permissions} />
      <//>
    <//>
  `;
}

function Part({ title, children }) {
  return html`<section class="panel-box account-part" aria-label=${title}><h2>${title}</h2>${children}</section>`;
}
