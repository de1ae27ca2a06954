// What a user may do, as far as permissions say. The server decides; this spares buttons that could
// only be refused.

const WRITE = ['create', 'update'];

/** True if `permissions` hold `wanted`, such as `posts:write` or `system:roles:read`. */
export function allows(permissions, wanted) {
  const holds = (asked) => permissions.some((held) => covers(held, asked));
  const [resource, action] = split(wanted);
  return holds(wanted) || (action === 'write' && !isOfSystem(resource) && WRITE.every((part) => holds(`${resource}:${part}`)));
}

/** True if what is deleted of a collection comes back: a definition says so, as far as it is known. */
export function mayRestore({ can }) {
  return can?.restore ?? true;
}

function covers(held, wanted) {
  if (held === '*' || held === wanted) return true;
  const [resource, action] = split(held);
  const [wantedResource, wantedAction] = split(wanted);
  const isWhole = action === '*' || action === wantedAction || (action === 'write' && WRITE.includes(wantedAction));
  return reaches(resource, action, wantedResource) && isWhole;
}

function reaches(resource, action, wanted) {
  if (resource === '*') return !isOfSystem(wanted) && wanted !== 'users';
  if (resource === 'system' && action === '*') return isOfSystem(wanted);
  return resource === wanted;
}

function isOfSystem(resource) {
  return resource === 'system' || resource.startsWith('system:');
}

function split(permission) {
  const at = permission.lastIndexOf(':');
  return [permission.slice(0, at), permission.slice(at + 1)];
}
