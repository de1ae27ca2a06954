import { Icon } from '../components/icon.js';
import { SignOut } from '../components/sign-out.js';
import { to } from '../router.js';
import { html } from '../view.js';

/** Who is signed in, the way to the own account, and out. */
export function Account({ user, onLeave }) {
  return html`
    <div class="who">
      <a href=${to('/account')} title=${user.email} onClick=${onLeave}><${Icon} name="user" /> <span>${user.displayName || user.email}</span></a>
      <${SignOut} kind="quiet" />
    </div>
  `;
}
