import { LinkButton } from '../../components/button.js';
import { Empty } from '../../components/empty.js';
import { Loaded } from '../../components/loaded.js';
import { More } from '../../components/more.js';
import { Page } from '../../components/page.js';
import { Skeleton } from '../../components/skeleton.js';
import { Tabs } from '../../components/tabs.js';
import { useLoad } from '../../load.js';
import { usePages, withItem } from '../../pages.js';
import { allRoles } from '../../roles.js';
import { go, to, useAddress } from '../../router.js';
import { useAllows } from '../../session.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { Filters } from './filters.js';
import { NewUser } from './new.js';
import { UserPanel } from './panel.js';
import { UserTable } from './table.js';
import { Trash } from './trash.js';
import { USERS } from './user.js';

/** The address of the panel in which a user is made; no id looks like it. */
const NEW = 'new';

/** Those that are there, or those that were deleted: two lists of their own. */
export function Users({ id }) {
  const { query } = useAddress();
  const isTrash = query.trash === '1';
  return html`<${List} key=${isTrash} id=${id} query=${query} isTrash=${isTrash} />`;
}

/** The list; one of them, or a new one, in a panel over it. */
function List({ id, query, isTrash }) {
  const allows = useAllows();
  const users = usePages(USERS, asked(query));
  const roles = useLoad((signal) => (allows('system:roles:read') ? allRoles(signal) : []), [allows('system:roles:read')]);
  const { title, tabs } = words.users;
  const close = () => go('/users', query);
  // A change of one of them is a change of its row.
  const change = (user) => users.value && users.set((was) => withItem(was, user.id, (item) => (user.isGone ? null : { ...item, ...user })));
  const tabsShown = allows('users:restore') && [
    { href: to('/users'), label: tabs.live, icon: 'users', isCurrent: !isTrash },
    { href: to('/users', { trash: 1 }), label: tabs.trash, icon: 'trash-2', isCurrent: isTrash },
  ];
  const actions = allows('users:create') && html`<${LinkButton} kind="primary" icon="plus" href=${to('/users/new', query)}>${words.users.add}<//>`;
  return html`
    <${Page} isWide title=${title} actions=${actions} tabs=${tabsShown && html`<${Tabs} label=${title} tabs=${tabsShown} />`}>
      <${Filters} query=${query} roles=${roles.value ?? []} isTrash=${isTrash} />
      <${Loaded} load=${users} skeleton=${html`<${Skeleton} rows=${8} />`}>
        ${(list) => (list.items.length === 0 ? html`<${NoUsers} query=${query} isTrash=${isTrash} />` : html`
          ${isTrash
            ? html`<${Trash} items=${list.items} onChange=${change} />`
            : html`<${UserTable} items=${list.items} query=${query} sort=${query.sort ?? SORT} />`}
          <${More} list=${users} total=${words.users.total(list.total)} />
        `)}
      <//>
      ${id === NEW && html`<${NewUser} roles=${roles} onMade=${users.reload} onClose=${close} />`}
      ${id && id !== NEW && html`<${UserPanel} key=${id} id=${id} roles=${roles} onChange=${change} onReload=${users.reload} onClose=${close} />`}
    <//>
  `;
}

const SORT = 'displayName';

/** The parameters of the list that an address means. */
function asked({ q, role, status, sort, trash }) {
  return {
    pageSize: 50,
    sort: sort ?? (trash ? '-deletedAt' : SORT),
    filter: q && `email.contains(${JSON.stringify(q)}) || displayName.lower().contains(${JSON.stringify(lower(q))})`,
    role,
    status,
    trashed: trash && 'only',
  };
}

/** As rules do it: A to Z alone. */
function lower(text) {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function NoUsers({ query, isTrash }) {
  const { none, noneLead, trashEmpty, trashEmptyLead } = words.users;
  const isFiltered = query.q || query.role || query.status;
  if (isTrash && !isFiltered) return html`<${Empty} icon="trash-2" title=${trashEmpty} lead=${trashEmptyLead} />`;
  return html`
    <${Empty} icon="users" title=${none} lead=${noneLead}>
      <${LinkButton} href=${to('/users', { trash: query.trash })}>${words.showAll}<//>
    <//>
  `;
}
