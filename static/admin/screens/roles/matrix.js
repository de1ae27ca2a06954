import { useDefinitions } from '../../definitions.js';
import { ACTIONS, ALL, RESOURCES, SYSTEM, parts } from '../../permissions.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { subject } from '../../components/permission-list.js';
import { Cell } from './cell.js';

const SYSTEM_ACTIONS = ['read', 'write'];

/**
 * What a role allows: a row for each thing, a column for each action. What a wider permission
 * brings along is checked, and says which it is. On a phone a row is a list.
 */
export function Matrix(role) {
  const { items } = useDefinitions();
  const { matrix } = words.roles;
  // Who may not see the collections sees at least those that the role is about.
  const names = Array.from(new Set(['users', ...(items ?? []).map(({ name }) => name), ...named(role.permissions)])).sort();
  const columns = [...ACTIONS, '*'].map(column);
  return html`
    <div class="role-matrix">
      <div class="role-all">
        <${Cell} ...${role} wanted=${ALL} label=${matrix.everything} />
        <p class="hint">${words.permissions.everythingHelp}</p>
      </div>
      <${Table} title=${matrix.records} about=${matrix.collection} columns=${columns} rows=${['*', ...names].map(row)} role=${role} />
      <${Table} title=${matrix.system} about=${matrix.part} columns=${SYSTEM_ACTIONS.map(column)} rows=${RESOURCES.map(systemRow)} role=${role}>
        <div class="role-all"><${Cell} ...${role} wanted=${SYSTEM} label=${matrix.wholeSystem} /></div>
      <//>
      <p class="hint">${matrix.legend}</p>
    </div>
  `;
}

/** The collections that permissions name. */
function named(permissions) {
  const resources = permissions.filter((permission) => permission.includes(':')).map((permission) => parts(permission).resource);
  return resources.filter((resource) => resource !== '*' && !/^system(:|$)/.test(resource));
}

const column = (action) => ({ action, label: words.permissions.actions[action] });
const row = (resource) => ({ resource, label: subject(resource) });
const systemRow = ({ name }) => ({ resource: `system:${name}`, label: words.permissions.resources[name] });

function Table({ title, about, columns, rows, role, children }) {
  return html`
    <section class="role-part">
      <h2>${title}</h2>
      ${children}
      <div class="role-scroll" role="region" aria-label=${title} tabindex="0">
        <table role="table" aria-label=${title}>
          <thead role="rowgroup">
            <tr role="row">
              <th scope="col" role="columnheader">${about}</th>
              ${columns.map(({ action, label }) => html`<th key=${action} scope="col" role="columnheader">${label}</th>`)}
            </tr>
          </thead>
          <tbody role="rowgroup">
            ${rows.map(({ resource, label }) => html`<${Row} key=${resource} resource=${resource} label=${label} columns=${columns} role=${role} />`)}
          </tbody>
        </table>
      </div>
    </section>
  `;
}

function Row({ resource, label: name, columns, role }) {
  return html`
    <tr role="row">
      <th scope="row" role="rowheader">${name}</th>
      ${columns.map(({ action, label }) => html`
        <td key=${action} role="cell">
          ${isThere(resource, action) && html`<${Cell} ...${role} wanted=${`${resource}:${action}`} label=${label} isInTable />`}
        </td>
      `)}
    </tr>
  `;
}

/** Of some parts of the system nothing can be written. */
function isThere(resource, action) {
  const part = RESOURCES.find(({ name }) => resource === `system:${name}`);
  return !part || part.actions.includes(action);
}
