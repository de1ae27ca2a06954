import { Button } from '../components/button.js';
import { Icon } from '../components/icon.js';
import { sayFault } from '../components/toasts.js';
import { to } from '../router.js';
import { signOut } from '../session.js';
import { html, useState } from '../view.js';
import { words } from '../words/index.js';

/** Who is signed in, the way to the own account, and out. */
export function Account({ user, onLeave }) {
  const [busy, setBusy] = useState('');
  const leave = async () => {
    setBusy(words.signOut.busy);
    try {
      await signOut();
    } catch (fault) {
      setBusy('');
      sayFault(fault);
    }
  };
  return html`
    <div class="who">
      <a href=${to('/account')} title=${user.email} onClick=${onLeave}><${Icon} name="user" /> <span>${user.displayName || user.email}</span></a>
      <${Button} kind="quiet" icon="log-out" busy=${busy} onClick=${leave}>${words.signOut.action}<//>
    </div>
  `;
}
