// From what is stored to what is drafted: the body of a PATCH, and the same in lines for people.
import { isSame } from '../../same.js';
import { definitionOf, fieldOf, OPERATIONS, parsed } from './definition.js';

const TOP = ['name', 'description', 'deletion', 'history', 'titleField'];

/** The body that makes `base` what `draft` says; an empty one where nothing differs. */
export function patchOf(base, draft) {
  const wanted = definitionOf(draft);
  const body = {};
  for (const key of TOP) if (!isSame(base[key] || undefined, wanted[key])) body[key] = wanted[key] ?? null;
  const rules = OPERATIONS.filter((operation) => base.rules?.[operation] !== wanted.rules?.[operation]);
  if (rules.length > 0) body.rules = Object.fromEntries(rules.map((operation) => [operation, wanted.rules?.[operation] ?? null]));
  const fields = fieldsPatch(base, draft);
  if (fields) body.fields = fields;
  // Said anew where fields have other names: what is left out follows by itself, its `where` does not.
  if (!isSame(base.indexes ?? [], wanted.indexes)) body.indexes = wanted.indexes;
  return body;
}

/**
 * All fields that stay, in their order, and behind them those that go: so the places that faults
 * name are places of the draft.
 */
function fieldsPatch(base, draft) {
  const stay = draft.fields.filter(({ isDropped }) => !isDropped);
  const gone = draft.fields.filter(({ isDropped, had }) => isDropped && had);
  const sent = stay.map((field) => fieldPatch(base, field));
  const isOrdered = isSame(stay.map(({ had }) => had), base.fields.map(({ name }) => name));
  const isVoid = sent.every((field) => Object.keys(field).length === 1);
  if (isOrdered && isVoid && gone.length === 0) return null;
  return [...sent, ...gone.map(({ had }) => ({ name: had, drop: true }))];
}

function fieldPatch(base, field) {
  const wanted = fieldOf(field);
  const was = base.fields.find(({ name }) => name === field.had);
  if (!was) return wanted;
  const changed = { name: wanted.name };
  if (wanted.name !== was.name) changed.renamedFrom = was.name;
  const keys = new Set([...Object.keys(was), ...Object.keys(wanted)]);
  keys.delete('name');
  for (const key of keys) if (!isSame(was[key], wanted[key])) changed[key] = wanted[key] ?? null;
  return changed;
}

/** True if a draft says nothing but what is stored. */
export function isVoid(base, draft) {
  return Object.keys(patchOf(base, draft)).length === 0 && faultsOf(draft).length === 0;
}

/** Faults that no request could carry: a default that is no JSON. */
export function faultsOf(draft) {
  const isFaulty = (field) => field.type === 'json' && !field.isDropped && Boolean(field.default) && parsed(field.default).isFaulty;
  return draft.fields.filter(isFaulty).map(({ key }) => ({ field: `${key}.default`, code: 'NO_JSON', message: '' }));
}

/** Faults of the server by their places in the draft: `fields[2].max` becomes `<key>.max`. */
export function placed(issues, draft) {
  const stay = draft.fields.filter(({ isDropped }) => !isDropped);
  const gone = draft.fields.filter(({ isDropped, had }) => isDropped && had);
  const lists = { fields: [...stay, ...gone], indexes: draft.indexes };
  return issues.map((issue) => {
    const [, list, at, rest = ''] = /^(fields|indexes)\[(\d+)\](.*)$/.exec(issue.field) ?? [];
    const item = list && lists[list][Number(at)];
    const value = item ? item[rest.slice(1)] : draft.rules[issue.field.replace(/^rules\./, '')];
    // What is empty has no form yet that could be wrong.
    const isEmpty = value === '' && { code: 'REQUIRED', params: {} };
    return { ...issue, ...isEmpty, ...(item && { field: `${item.key}${rest}` }) };
  });
}

/** What differs between two definitions: `[{ place, from, to }]`, undefined where there is nothing. */
export function differences(one, other) {
  const found = [];
  const compare = (place, from, to) => isSame(from, to) || found.push({ place, from, to });
  for (const key of [...TOP, 'singular', 'indexes']) compare(key, one[key] || undefined, other[key] || undefined);
  for (const operation of OPERATIONS) compare(`rules.${operation}`, one.rules?.[operation], other.rules?.[operation]);
  const named = (definition, name) => definition.fields.find((field) => field.name === name);
  const names = new Set([...one.fields, ...other.fields].map(({ name }) => name));
  for (const name of names) {
    const [from, to] = [named(one, name), named(other, name)];
    if (!from || !to) compare(name, from, to);
    else for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) compare(`${name}.${key}`, from[key], to[key]);
  }
  return found;
}
