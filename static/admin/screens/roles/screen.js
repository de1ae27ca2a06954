import { Button } from '../../components/button.js';
import { Empty } from '../../components/empty.js';
import { Loaded } from '../../components/loaded.js';
import { Page } from '../../components/page.js';
import { Skeleton } from '../../components/skeleton.js';
import { Tabs } from '../../components/tabs.js';
import { useLoad } from '../../load.js';
import { allRoles } from '../../roles.js';
import { go, to } from '../../router.js';
import { useAllows } from '../../session.js';
import { html, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { useDrafts } from './drafts.js';
import { NewRole } from './new.js';
import { Role } from './role.js';

/** All roles, one of them opened. */
export function Roles({ name }) {
  const roles = useLoad(allRoles, []);
  const [isMaking, make] = useState(false);
  const allows = useAllows();
  const { title, lead, add } = words.roles;
  const actions = allows('system:roles:write') && html`<${Button} kind="primary" icon="plus" onClick=${() => make(true)}>${add}<//>`;
  const made = async (role) => {
    make(false);
    roles.set((was) => [...was, role].sort((one, other) => (one.name < other.name ? -1 : 1)));
    go(`/roles/${role.name}`);
  };
  return html`
    <${Page} isWide title=${title} lead=${lead} actions=${actions}>
      <${Loaded} load=${roles} skeleton=${html`<${Skeleton} rows=${6} />`}>
        ${(all) => html`<${Opened} all=${all} name=${name ?? all[0]?.name} roles=${roles} />`}
      <//>
      ${isMaking && html`<${NewRole} roles=${roles.value ?? []} onMade=${made} onClose=${() => make(false)} />`}
    <//>
  `;
}

function Opened({ all, name, roles }) {
  const drafts = useDrafts();
  const role = all.find((one) => one.name === name);
  const { list, changed, unknown } = words.roles;
  const tabs = all.map((one) => ({
    href: to(`/roles/${one.name}`),
    label: drafts[one.name] ? changed(one.name) : one.name,
    icon: drafts[one.name] ? 'pencil' : undefined,
    isCurrent: one === role,
  }));
  const change = (next) => roles.set((was) => was.map((one) => (one.name === next.name ? next : one)));
  const remove = () => roles.set((was) => was.filter((one) => one.name !== name));
  return html`
    <${Tabs} label=${list} tabs=${tabs} />
    ${role
      ? html`<${Role} key=${role.name} role=${role} onChange=${change} onRemove=${remove} />`
      : html`<${Empty} icon="shield" title=${name} lead=${unknown} />`}
  `;
}
