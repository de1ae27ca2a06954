import { api } from '../../api.js';
import { ask } from '../../components/ask.js';
import { Button } from '../../components/button.js';
import { Time } from '../../components/time.js';
import { say } from '../../components/toasts.js';
import { useAllows } from '../../session.js';
import { html, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { RoleTags } from './table.js';
import { sayRefusal, userPath } from './user.js';

/** Users that were deleted: each comes back as it was, or goes for good. */
export function Trash({ items, onChange }) {
  return html`<ul class="rows">${items.map((user) => html`<${Deleted} key=${user.id} user=${user} onChange=${onChange} />`)}</ul>`;
}

function Deleted({ user, onChange }) {
  const allows = useAllows();
  const [isBusy, setBusy] = useState(false);
  const { trash } = words.users;
  const { id, displayName, email, roles, deletedAt } = user;
  const restore = async () => {
    setBusy(true);
    try {
      await api.post(userPath(id, 'restore'));
      onChange({ id, isGone: true });
      say(trash.restored(displayName), { undo: () => api.remove(userPath(id)) });
    } catch (fault) {
      setBusy(false);
      sayRefusal(fault);
    }
  };
  const purge = () =>
    ask({
      title: trash.purgeTitle(displayName),
      lead: trash.purgeLead,
      action: words.removeForGood,
      busy: words.removing,
      act: async () => {
        await api.remove(userPath(id), { hard: true });
        onChange({ id, isGone: true });
        say(trash.purged(displayName));
      },
    });
  return html`
    <li class="users-deleted">
      <div>
        <p class="row-name">${displayName || email}</p>
        <p class="hint">${email}, ${trash.deleted} <${Time} at=${deletedAt} /></p>
        <p class="users-roles"><${RoleTags} names=${roles} /></p>
      </div>
      <div class="actions">
        ${allows('users:delete') && html`<${Button} icon="rotate-ccw" busy=${isBusy && words.restoring} onClick=${restore}>${words.restore}<//>`}
        ${allows('users:delete') && allows('users:purge') && html`<${Button} icon="trash-2" onClick=${purge}>${words.removeForGood}<//>`}
      </div>
    </li>
  `;
}
