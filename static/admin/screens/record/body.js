// From what was typed to what is sent.
import { isObject, merged, mergePatch } from '../../fields/merge.js';
import { readTyped, valueAtFirst } from '../../fields/values.js';
import { isSame } from '../../same.js';

/**
 * `{ values, issues }` of `fields`: what their inputs hold, by name, and the fault of each that
 * holds nothing which could be sent.
 */
export function readAll(fields, typedOf) {
  const values = {};
  const issues = {};
  for (const field of fields) {
    const { value, issue } = readTyped(field, typedOf(field));
    if (issue) issues[field.key] = issue;
    else values[field.key] = value;
  }
  return { values, issues };
}

/** The body that makes a record: what it would have anyway is left out, so that it asks for no right to write it. */
export function creation(fields, values) {
  const given = fields.filter((field) => !isSame(values[field.key], valueAtFirst(field)));
  return Object.fromEntries(given.map(({ key }) => [key, values[key]]));
}

/**
 * How `values` of changed fields are sent: `{ method, body }`. An object for a JSON field is merged
 * into what is stored, so what it has lost is sent as null; where it has nulls of its own, which
 * merging cannot bring, the whole record is replaced. Null where the caller does not see all of it.
 */
export function change(fields, values, stored) {
  const body = {};
  for (const field of fields.filter(({ key }) => key in values)) {
    const value = values[field.key];
    const merges = field.type === 'json' && isObject(value);
    body[field.key] = merges ? mergePatch(stored[field.key], value) : value;
    if (merges && !isSame(merged(stored[field.key], body[field.key]), value)) return replacement(fields, values, stored);
  }
  return { method: 'patch', body };
}

function replacement(fields, values, stored) {
  if (fields.some(({ key }) => !(key in stored))) return null;
  return { method: 'put', body: Object.fromEntries(fields.map(({ key }) => [key, key in values ? values[key] : stored[key]])) };
}
