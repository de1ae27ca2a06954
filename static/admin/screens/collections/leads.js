// Where names lead to from the records of a collection, as rules follow them: its fields, the record
// behind a relation, records on a list, records that point here.
import { fieldsOf } from '../../fields/types.js';
import { apiName } from '../../names.js';

/** What every record has, by the names that rules know. */
const KEPT = [
  { key: 'id', type: 'id' },
  { key: 'createdAt', type: 'datetime' },
  { key: 'updatedAt', type: 'datetime' },
  { key: 'version', type: 'integer' },
];

/**
 * `[{ name, kind, field, target }]`: `kind` is `field`, `record` (behind a relation) or `records`
 * (on a list, or pointing here); `target` is the definition that a relation leads to.
 */
export function leadsOf(definition, all) {
  const named = fieldsOf(definition).filter(({ name, isDropped }) => name && !isDropped);
  const fields = [...named, ...KEPT].map((field) => ({ name: field.key, kind: 'field', field }));
  const behind = named.filter(({ expanded }) => expanded).map((field) => {
    const kind = field.type === 'relations' ? 'records' : 'record';
    return { name: field.expanded, kind, field, target: all.find(({ name }) => name === field.collection) };
  });
  const taken = new Set([...fields, ...behind].map(({ name }) => name));
  return [...fields, ...behind, ...pointing(definition, all).filter(({ name }) => !taken.has(name))];
}

function pointing(definition, all) {
  return all.flatMap((target) => {
    const here = fieldsOf(target).filter(({ type, collection }) => type === 'relation' && collection === definition.name);
    const plain = apiName(target.name);
    const called = (key) => (here.length === 1 ? plain : `${plain}Via${key.charAt(0).toUpperCase()}${key.slice(1).replace(/Id$/, '')}`);
    return here.map((field) => ({ name: called(field.key), kind: 'records', field, target }));
  });
}

/** What a path of names (`['team', 'owner']`) leads to from a definition, or undefined. */
export function follow(definition, path, all) {
  let at = { kind: 'record', target: definition };
  for (const name of path) {
    if (at?.kind !== 'record' || !at.target) return undefined;
    at = leadsOf(at.target, all).find((lead) => lead.name === name);
  }
  return at;
}
