// Conditions for examples, which hold for the record that the examples are filled with.
import { allFieldsOf, fieldsOf, isNumeric, isRelation } from '../../fields/types.js';
import { apiName } from '../../names.js';

const CHOICES = ['select', 'boolean'];
const DAY = 10;

/** An expression for `filter`. */
export function filterFor(definition, record) {
  const field = choiceOf(definition);
  if (field) return `${field.key} == ${JSON.stringify(valueOf(field, record))}`;
  const text = fieldsOf(definition).find(({ type }) => type === 'text');
  if (text && record?.[text.key]) return `${text.key}.startsWith(${JSON.stringify([...record[text.key]].slice(0, 3).join(''))})`;
  return `createdAt >= ${JSON.stringify(dayOf(record))}`;
}

/** Conditions by the names of fields: equality, and a comparison. */
export function conditionsFor(definition, record) {
  const field = choiceOf(definition);
  return { ...(field && { [field.key]: String(valueOf(field, record)) }), 'createdAt[gte]': dayOf(record) };
}

/** A word that the search finds, or null where nothing is searched. */
export function wordFor(definition, record) {
  const searched = fieldsOf(definition).filter(({ searchable }) => searchable);
  if (searched.length === 0) return null;
  const text = searched.map(({ key }) => record?.[key]).find(Boolean) ?? 'example';
  return text.match(/[\p{L}\p{N}]{3,}/u)?.[0] ?? 'example';
}

/** Names for `expand`: what the first relation leads to, and who points here. */
export function expandFor(definition, definitions) {
  const to = fieldsOf(definition).find(({ type }) => isRelation(type));
  const from = pointingAt(definition, definitions)[0];
  return [to?.expanded, from && (from.isOne ? apiName(from.collection) : `${apiName(from.collection)}Via${capital(from.field.expanded)}`)].filter(Boolean);
}

/** The relations of other collections that point here: `{ collection, definition, field, isOne }`. */
export function pointingAt({ name }, definitions) {
  return definitions.flatMap((other) => {
    const fields = fieldsOf(other).filter(({ type, collection }) => isRelation(type) && collection === name);
    return fields.map((field) => ({ collection: other.name, definition: other, field, isOne: fields.length === 1 }));
  });
}

/** `group`, `select` and `sort` for an aggregate. */
export function aggregateFor(definition) {
  const fields = fieldsOf(definition);
  const group = choiceOf(definition)?.key ?? 'month(createdAt)';
  const number = fields.find(({ type, hidden }) => isNumeric(type) && !hidden);
  return { group, select: ['count()', number && `sum(${number.key})`].filter(Boolean).join(','), sort: '-count()' };
}

/** The names of the first fields that one reads. */
export function namesFor(definition) {
  const names = allFieldsOf(definition).filter(({ hidden, type }) => !hidden && type !== 'id');
  return ['id', ...names.slice(0, 2).map(({ key }) => key)].join(',');
}

function choiceOf(definition) {
  return fieldsOf(definition).find(({ type, hidden, readRule }) => CHOICES.includes(type) && !hidden && !readRule);
}

function valueOf({ key, type, options }, record) {
  return record?.[key] ?? (type === 'boolean' ? true : options[0]);
}

function dayOf(record) {
  return (record?.createdAt ?? new Date().toISOString()).slice(0, DAY);
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
