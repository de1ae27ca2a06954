import { api } from '../../api.js';
import { Button } from '../../components/button.js';
import { Notice } from '../../components/notice.js';
import { say } from '../../components/toasts.js';
import { formatTime } from '../../format.js';
import { useLoad } from '../../load.js';
import { useAllows } from '../../session.js';
import { html, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { lockoutPath, sayRefusal, userPath } from './user.js';

/** Says that an account was tried too often, and lets it be signed in to again. */
export function Lockout({ user }) {
  const allows = useAllows();
  const [isBusy, setBusy] = useState(false);
  const lockout = useLoad(async (signal) => (await api.get(lockoutPath(user.id), {}, { signal })).data, [user.id]);
  const { lock, standing } = words.users;
  // The panel is of use without it, too.
  if (!lockout.value?.locked) return null;
  const unlock = async () => {
    setBusy(true);
    try {
      await api.post(userPath(user.id, 'unlock'));
      lockout.set({ locked: false });
      say(lock.lifted(user.displayName));
    } catch (fault) {
      setBusy(false);
      sayRefusal(fault);
    }
  };
  return html`
    <${Notice} kind="warning">
      <p>${lock.lead}</p>
      <p>${lock.until(formatTime(lockout.value.lockedUntil))}</p>
      ${allows('users:write') && html`<${Button} icon="lock-open" busy=${isBusy && standing.working} onClick=${unlock}>${lock.lift}<//>`}
    <//>
  `;
}
