/** True where two values of JSON are one: the order of an object's keys does not count, and one that is undefined is none. */
export function isSame(a, b) {
  if (a === b) return true;
  if (!a || !b || typeof a !== 'object' || typeof b !== 'object' || Array.isArray(a) !== Array.isArray(b)) return false;
  const names = namesOf(a);
  return names.length === namesOf(b).length && names.every((name) => Object.hasOwn(b, name) && isSame(a[name], b[name]));
}

function namesOf(object) {
  return Object.keys(object).filter((name) => object[name] !== undefined);
}
