import { Notice } from '../../components/notice.js';
import { told } from '../../components/permission-list.js';
import { ALL, lacking } from '../../permissions.js';
import { useAllows, useUser } from '../../session.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { Changes } from './changes.js';
import { dropDraft, keepDraft, useDrafts } from './drafts.js';
import { Matrix } from './matrix.js';
import { AsText } from './text.js';
import { Holders } from './holders.js';

/** Administrators are known by it, so Stead itself holds on to it. */
const ADMIN = 'admin';

/** One role: who has it, what it allows, and the changes of that until they are saved. */
export function Role({ role, onChange, onRemove }) {
  const { name } = role;
  const held = useUser().permissions;
  const allows = useAllows();
  const draft = useDrafts()[name];
  const permissions = draft?.permissions ?? role.permissions;
  const set = (next) => keepDraft(draft?.base ?? role, next);
  const lacks = lacking(held, role.permissions);
  const isFixed = name === ADMIN || !allows('system:roles:write') || lacks.length > 0;
  const { adminFixed, beyond } = words.roles;
  return html`
    <${Holders} role=${role} isFixed=${isFixed} onRemove=${onRemove} />
    ${name === ADMIN && html`<${Notice} kind="info"><p>${adminFixed}</p><//>`}
    ${name !== ADMIN && lacks.length > 0 && html`<${Notice} kind="warning"><p>${beyond(told(lacks).join(' · '))}</p><//>`}
    ${!(name === ADMIN && permissions.includes(ALL)) &&
    html`<div class="role-forms">
      <${Matrix} role=${name} permissions=${permissions} isFixed=${isFixed} onChange=${set} />
      <${AsText} permissions=${permissions} isFixed=${isFixed} onChange=${set} />
    </div>`}
    ${draft && html`<${Changes} draft=${draft} onSaved=${onChange} onDrop=${() => dropDraft(name)} />`}
  `;
}
