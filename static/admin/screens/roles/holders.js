import { api } from '../../api.js';
import { ask } from '../../components/ask.js';
import { Button } from '../../components/button.js';
import { Dialog } from '../../components/dialog.js';
import { say } from '../../components/toasts.js';
import { useLoad } from '../../load.js';
import { countOf } from '../../pages.js';
import { rolePath } from '../../roles.js';
import { go, to } from '../../router.js';
import { useAllows } from '../../session.js';
import { html, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { dropDraft } from './drafts.js';

/** How many users have a role, and the end of it once nobody has. */
export function Holders({ role, isFixed, onRemove }) {
  const { name } = role;
  const allows = useAllows();
  const [isUsed, setUsed] = useState(false);
  const count = useLoad((signal) => (allows('users:read') ? counted(name, allows('users:restore'), signal) : null), [name]);
  const { holders, remove } = words.roles;
  const drop = () =>
    ask({
      title: remove.title(name),
      lead: remove.lead,
      action: words.remove,
      busy: words.removing,
      act: async () => {
        await api.remove(rolePath(name)).catch((fault) => {
          if (fault.code === 'CONFLICT') fault.message = remove.refused;
          throw fault;
        });
        dropDraft(name);
        go('/roles');
        onRemove();
        say(remove.done(name));
      },
    });
  const { live, deleted } = count.value ?? {};
  return html`
    <div class="role-head">
      ${count.value && html`<p><a href=${to('/users', { role: name })}>${holders(live)}</a></p>`}
      ${!isFixed && html`<${Button} icon="trash-2" onClick=${live + deleted > 0 ? () => setUsed(true) : drop}>${remove.action}<//>`}
    </div>
    ${isUsed && html`<${InUse} name=${name} live=${live} deleted=${deleted} onClose=${() => setUsed(false)} />`}
  `;
}

/** Why a role cannot be deleted yet, and the way to those who have it. */
function InUse({ name, live, deleted, onClose }) {
  const { inUse } = words.roles;
  return html`
    <${Dialog} title=${inUse.title(name)} onClose=${onClose}>
      <p>${inUse.lead}</p>
      <ul class="role-ways">
        ${live > 0 && html`<li><a href=${to('/users', { role: name })}>${inUse.live(live)}</a></li>`}
        ${deleted > 0 && html`<li><a href=${to('/users', { role: name, trash: 1 })}>${inUse.deleted(deleted)}</a></li>`}
      </ul>
    <//>
  `;
}

/** Deleted users come back with their roles, so they count. */
async function counted(role, seesDeleted, signal) {
  const ask = (trashed) => countOf('/api/v1/users', { role, trashed }, signal);
  const [live, deleted] = await Promise.all([ask(), seesDeleted ? ask('only') : 0]);
  return { live, deleted };
}
