import { ALL, SYSTEM, byResource, parts } from '../permissions.js';
import { html } from '../view.js';
import { words } from '../words/index.js';

/** What somebody may do, a line for each thing that it is about. */
export function PermissionList({ permissions }) {
  return html`<ul class="permissions">${told(permissions).map((line) => html`<li key=${line}>${line}</li>`)}</ul>`;
}

/** The same as texts. */
export function told(permissions) {
  const told = words.permissions;
  if (permissions.length === 0) return [told.nothing];
  if (permissions.includes(ALL)) return [told.line(told.everything, [told.everythingHelp])];
  return byResource(permissions).map(({ resource, actions }) => told.line(subject(resource), actions.map((action) => verb(resource, action))));
}

/** What a permission is about. */
export function subject(resource) {
  const { subjects, resources, ofSystem } = words.permissions;
  if (subjects[resource]) return subjects[resource];
  if (!resource.startsWith('system:')) return resource;
  const { action: name } = parts(resource);
  return ofSystem(resources[name] ?? name);
}

function verb(resource, action) {
  const isOfSystem = `${resource}:`.startsWith(SYSTEM.slice(0, -1));
  const { told, toldOfSystem } = words.permissions;
  return (isOfSystem && toldOfSystem[action]) || (told[action] ?? action);
}
