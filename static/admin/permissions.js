// What permissions are made of: the actions, what the system has, and how a list of them is changed.
import { allows } from './rights.js';

/** What can be allowed for the records of a collection. */
export const ACTIONS = ['read', 'create', 'update', 'delete', 'restore', 'purge', 'bypass'];

/** What can be allowed of the instance itself. */
export const RESOURCES = [
  { name: 'collections', actions: ['read', 'write'] },
  { name: 'keys', actions: ['read', 'write'] },
  { name: 'roles', actions: ['read', 'write'] },
  { name: 'settings', actions: ['read'] },
  { name: 'status', actions: ['read'] },
];

/** The permission to do everything. */
export const ALL = '*';

/** Everything of the system. */
export const SYSTEM = 'system:*';

const HALVES = { create: 'update', update: 'create' };

/** `posts:read` as `{ resource: 'posts', action: 'read' }`; of `*` there is nothing but itself. */
export function parts(permission) {
  const at = permission.lastIndexOf(':');
  return at < 0 ? { resource: permission, action: '*' } : { resource: permission.slice(0, at), action: permission.slice(at + 1) };
}

/** The permission among `held` that allows `wanted` along with more than that, or undefined. */
export function wider(held, wanted) {
  return held.find((permission) => permission !== wanted && allows([permission], wanted));
}

/** `held` with `wanted` given or taken away. Where half of a `write` is taken, its other half stays. */
export function toggled(held, wanted) {
  const without = held.filter((permission) => permission !== wanted);
  if (without.length < held.length) return without;
  const { resource, action } = parts(wanted);
  const write = `${resource}:write`;
  if (!(action in HALVES) || !held.includes(write)) return [...held, wanted];
  return [...held.filter((permission) => permission !== write), `${resource}:${HALVES[action]}`];
}

/** True where only half of a `write` of its own stands behind `wanted`, which can be taken apart. */
export function isHalf(held, wanted) {
  const { resource, action } = parts(wanted);
  return action in HALVES && held.includes(`${resource}:write`);
}

/** What of `wanted` is not held. */
export function lacking(held, wanted) {
  return wanted.filter((permission) => !allows(held, permission));
}

/** What was given and what was taken between two lists. */
export function difference(before, after) {
  return { given: lackingByName(before, after), taken: lackingByName(after, before) };
}

function lackingByName(among, names) {
  return names.filter((name) => !among.includes(name));
}

/** Permissions by what they are about, in the order in which that first comes. */
export function byResource(permissions) {
  const found = new Map();
  for (const permission of permissions) {
    const { resource, action } = parts(permission);
    found.set(resource, [...(found.get(resource) ?? []), action]);
  }
  return Array.from(found, ([resource, actions]) => ({ resource, actions }));
}
