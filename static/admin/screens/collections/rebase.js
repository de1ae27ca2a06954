// Somebody else changed the definition meanwhile: what was drafted, put on top of that.
import { isSame } from '../../same.js';
import { draftOf, newKey, OPERATIONS } from './definition.js';

const TOP = ['name', 'description', 'deletion', 'history', 'titleField'];

/** `draft`, made from `base`, as it is on top of `theirs`: what was changed here wins, all else is theirs. */
export function rebased(base, draft, theirs) {
  const [was, now] = [draftOf(base), draftOf(theirs)];
  const chosen = (from, mine, their) => (isSame(from, mine) ? their : mine);
  const top = Object.fromEntries(TOP.map((key) => [key, chosen(was[key], draft[key], now[key])]));
  const rules = Object.fromEntries(OPERATIONS.map((key) => [key, chosen(was.rules[key], draft.rules[key], now.rules[key])]));
  const bare = (indexes) => indexes.map(({ key, ...index }) => index);
  const indexes = isSame(bare(was.indexes), bare(draft.indexes)) ? now.indexes : draft.indexes;
  return { ...now, ...top, rules, indexes, fields: fieldsOf(was, draft, now) };
}

/** Fields in the order of the draft; those that are new there come last. */
function fieldsOf(was, draft, now) {
  const of = (fields, name) => fields.find(({ had }) => had === name);
  const mine = draft.fields.flatMap((field) => {
    if (!field.had) return [field];
    const [from, their] = [of(was.fields, field.had), of(now.fields, field.had)];
    if (their) return [merged(from ?? their, field, their)];
    // It is gone there. What was changed here is kept, as a new field.
    return isSame(from, field) || field.isDropped ? [] : [{ ...field, key: newKey(), had: null }];
  });
  return [...mine, ...now.fields.filter(({ had }) => !of(draft.fields, had))];
}

function merged(from, mine, their) {
  const keys = new Set([...Object.keys(from), ...Object.keys(mine), ...Object.keys(their)]);
  return Object.fromEntries([...keys].map((key) => [key, isSame(from[key], mine[key]) ? their[key] : mine[key]]));
}
