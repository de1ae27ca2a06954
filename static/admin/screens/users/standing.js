import { api } from '../../api.js';
import { ask } from '../../components/ask.js';
import { Button } from '../../components/button.js';
import { say } from '../../components/toasts.js';
import { useAllows } from '../../session.js';
import { html, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { Lockout } from './lockout.js';
import { sayRefusal, userPath } from './user.js';

/** Whether an account may sign in, and whether it is there at all. */
export function Standing({ user, isSelf, onChange, onReload, onClose }) {
  const allows = useAllows();
  const [busy, setBusy] = useState('');
  const { standing } = words.users;
  const { id, displayName } = user;
  const isActive = user.status === 'active';

  /** Does it at once; the list and the panel show what has come of it. */
  const act = async (name, run) => {
    setBusy(name);
    try {
      await run();
    } catch (fault) {
      sayRefusal(fault);
    }
    setBusy('');
  };
  const post = async (verb) => {
    const { data, etag } = await api.post(userPath(id, verb));
    onChange({ ...data, etag });
  };
  const turn = (verb, back, text) =>
    act(verb, async () => {
      await post(verb);
      say(text, { undo: () => post(back) });
    });
  const remove = () =>
    act('remove', async () => {
      await api.remove(userPath(id));
      onClose();
      onChange({ id, isGone: true });
      say(standing.removed(displayName), { undo: () => restore(id, onReload) });
    });
  const disable = () => turn('deactivate', 'activate', standing.disabled(displayName));
  // The way back leads through an account that can sign in.
  const orAsk = (run, title) => (isSelf ? () => ask({ title, lead: standing.selfLead, action: standing.goOn, act: run }) : run);
  const buttons = [
    allows('users:write') && isActive && html`<${Button} icon="ban" busy=${busy === 'deactivate' && standing.working} onClick=${orAsk(disable, standing.disableSelf)}>${standing.disable}<//>`,
    allows('users:write') && !isActive && html`<${Button} icon="check" busy=${busy === 'activate' && standing.working} onClick=${() => turn('activate', 'deactivate', standing.activated(displayName))}>${standing.activate}<//>`,
    allows('users:delete') && html`<${Button} icon="trash-2" busy=${busy === 'remove' && words.removing} onClick=${orAsk(remove, standing.removeSelf)}>${words.remove}<//>`,
  ].filter(Boolean);
  return html`
    <section class="users-part">
      <h3>${standing.title}</h3>
      <p class="hint">${isActive ? standing.isActive : standing.isDisabled}</p>
      <div class="actions">${buttons}</div>
      <${Lockout} user=${user} />
    </section>
  `;
}

async function restore(id, onReload) {
  await api.post(userPath(id, 'restore'));
  await onReload();
}
