import { Checkbox } from '../../components/field.js';
import { Loaded } from '../../components/loaded.js';
import { Skeleton } from '../../components/skeleton.js';
import { told } from '../../components/permission-list.js';
import { Fault } from '../../components/labelled.js';
import { useAllows, useUser } from '../../session.js';
import { html, useId } from '../../view.js';
import { words } from '../../words/index.js';
import { beyond } from './user.js';

/**
 * The roles to choose from, each with what it allows. Those that allow more than the reader's own
 * account cannot be given, and say so. `roles` is what `useLoad` gives.
 */
export function RoleChoice({ roles, chosen, onChange, issue, isFixed = false }) {
  const allows = useAllows();
  const id = useId();
  const { choice } = words.users;
  const turn = (name, isChosen) => onChange(isChosen ? [...chosen, name] : chosen.filter((other) => other !== name));
  return html`
    <fieldset class="users-choice" aria-describedby=${issue ? id : null}>
      <legend>${choice.title}</legend>
      ${!allows('system:roles:read')
        ? html`<p class="hint">${choice.unseen(chosen)}</p>`
        : html`<${Loaded} load=${roles} skeleton=${html`<${Skeleton} rows=${3} />`}>
            ${(all) => all.map((role) => html`<${One} key=${role.name} role=${role} isChosen=${chosen.includes(role.name)} isFixed=${isFixed} onTurn=${turn} />`)}
          <//>`}
      ${issue && html`<${Fault} id=${id} issue=${issue} />`}
    </fieldset>
  `;
}

function One({ role, isChosen, isFixed, onTurn }) {
  const held = useUser().permissions;
  const { name, permissions } = role;
  const lacks = beyond([role], [name], held);
  const { choice } = words.users;
  const help = lacks.length > 0 ? choice.beyond(told(lacks)) : told(permissions).join(' · ');
  return html`
    <${Checkbox} label=${name} help=${help} checked=${isChosen} disabled=${isFixed || lacks.length > 0} onChange=${(now) => onTurn(name, now)} />
  `;
}
