// What a new record begins with.
import { fieldsOf } from '../../fields/types.js';
import { toTyped } from '../../fields/values.js';
import { find } from './send.js';

/** `{ record: null, typed, source }`: nothing, or the values of the record `from`, but for those that must be unique. */
export async function startOf(definition, from, signal) {
  if (!from) return { record: null, isDeleted: false, typed: {} };
  const { record: source } = await find(definition, from, signal);
  const copied = fieldsOf(definition).filter(({ key, unique }) => key in source && !unique);
  const typed = Object.fromEntries(copied.map((field) => [field.key, toTyped(field, source[field.key])]));
  return { record: null, isDeleted: false, typed, source };
}
