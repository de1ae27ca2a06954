// Objects of JSON fields: the API merges what is sent into what is stored (RFC 7396).
import { isSame } from '../same.js';

/** The patch that makes `to` of `from`, as far as there is one. */
export function mergePatch(from, to) {
  if (!isObject(to)) return to;
  const old = isObject(from) ? from : {};
  const lost = Object.keys(old).filter((name) => !Object.hasOwn(to, name));
  const patch = Object.fromEntries(lost.map((name) => [name, null]));
  for (const [name, value] of Object.entries(to)) {
    if (!Object.hasOwn(old, name) || !isSame(old[name], value)) patch[name] = mergePatch(old[name], value);
  }
  return patch;
}

/** What a patch makes of `from`. */
export function merged(from, patch) {
  if (!isObject(patch)) return patch;
  const result = isObject(from) ? { ...from } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = merged(result[name], value);
  }
  return result;
}

/** True for what is merged rather than replaced. */
export function isObject(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
