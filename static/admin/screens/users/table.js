import { Icon } from '../../components/icon.js';
import { Tag } from '../../components/tag.js';
import { Time } from '../../components/time.js';
import { amend, to } from '../../router.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';

/** Users, a row each; on a phone two lines each, the name first. */
export function UserTable({ items, query, sort }) {
  const { columns, title } = words.users;
  // The roles are told because a phone lays the cells out anew, and forgets by that what they are.
  return html`
    <table class="users" role="table" aria-label=${title}>
      <thead role="rowgroup">
        <tr role="row">
          <${Head} name="displayName" label=${columns.name} sort=${sort} />
          <${Head} name="email" label=${columns.email} sort=${sort} />
          <th scope="col" role="columnheader">${columns.roles}</th>
          <${Head} name="status" label=${columns.status} sort=${sort} />
          <${Head} name="updatedAt" label=${columns.changed} sort=${sort} />
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${items.map((user) => html`<${Row} key=${user.id} user=${user} href=${to(`/users/${user.id}`, query)} />`)}
      </tbody>
    </table>
  `;
}

function Head({ name, label, sort }) {
  const order = { [name]: 'ascending', [`-${name}`]: 'descending' }[sort];
  const turn = () => amend({ sort: sort === name ? `-${name}` : name });
  return html`
    <th scope="col" role="columnheader" aria-sort=${order ?? null}>
      <button class="users-head" type="button" onClick=${turn}>
        ${label}${order && html`<${Icon} name=${order === 'ascending' ? 'arrow-up' : 'arrow-down'} />`}
      </button>
    </th>
  `;
}

function Row({ user, href }) {
  const { displayName, email, roles, updatedAt } = user;
  return html`
    <tr role="row">
      <th scope="row" role="rowheader" class="users-name"><a href=${href}>${displayName || email}</a></th>
      <td role="cell" class="users-email">${email}</td>
      <td role="cell" class="users-roles"><${RoleTags} names=${roles} /></td>
      <td role="cell" class="users-status"><${Status} user=${user} /></td>
      <td role="cell" class="users-changed"><${Time} at=${updatedAt} /></td>
    </tr>
  `;
}

/** The roles of a user by their names. */
export function RoleTags({ names }) {
  if (names.length === 0) return html`<span class="hint">${words.users.noRoles}</span>`;
  return names.map((name) => html`<${Tag} key=${name} kind=${name === 'admin' ? 'accent' : 'plain'}>${name}<//>`);
}

/** Whether a user may sign in. */
export function Status({ user }) {
  const { statuses } = words.users;
  return html`<${Tag} kind=${user.status === 'active' ? 'success' : 'danger'}>${statuses[user.status] ?? user.status}<//>`;
}
