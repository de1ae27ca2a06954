// What the page knows of each field type, the same in table, form and editor.
import { apiName, expandedName } from '../names.js';

const ICONS = {
  text: 'text-align-start',
  integer: 'hash',
  number: 'hash',
  decimal: 'percent',
  boolean: 'square-check',
  date: 'calendar',
  datetime: 'calendar-clock',
  json: 'braces',
  select: 'circle-dot',
  multiselect: 'list-checks',
  relation: 'arrow-up-right',
  relations: 'network',
  email: 'mail',
  url: 'link',
  id: 'key',
};

const NUMBERS = ['integer', 'number', 'decimal'];
const RELATIONS = ['relation', 'relations'];

/** The icon of a type; one that the page does not know yet has that of a text. */
export const typeIcon = (type) => ICONS[type] ?? ICONS.text;

/** True for values that stand at the right of a column. */
export const isNumeric = (type) => NUMBERS.includes(type);

/** True for fields that point at other records. */
export const isRelation = (type) => RELATIONS.includes(type);

/** What every record has beside its own fields, as definitions have fields. */
export const SYSTEM_FIELDS = [
  { name: 'created_at', type: 'datetime', isSystem: true },
  { name: 'updated_at', type: 'datetime', isSystem: true },
  { name: 'id', type: 'id', isSystem: true },
];

/** The fields of a definition with the names that records have them by (`key`, and `expanded`). */
export function fieldsOf(definition) {
  return definition.fields.map(keyed);
}

/** The same, and those that every record has. */
export function allFieldsOf(definition) {
  return [...definition.fields, ...SYSTEM_FIELDS].map(keyed);
}

function keyed(field) {
  const key = apiName(field.name);
  return { ...field, key, expanded: isRelation(field.type) ? expandedName(key) : null };
}
