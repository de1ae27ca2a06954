// A definition as the editor holds it, and back. In the editor every value is what its input holds,
// a field knows by which name the table has it (`had`), and what goes stays to be taken back.

/** The options of a type beside those that every field has, in the order in which they are shown. */
export const OPTIONS = {
  text: ['unique', 'min', 'max', 'pattern', 'default', 'collation', 'searchable', 'containsIndex'],
  integer: ['unique', 'min', 'max', 'default'],
  number: ['unique', 'min', 'max', 'default'],
  decimal: ['unique', 'scale', 'min', 'max', 'default'],
  boolean: ['default'],
  date: ['unique', 'min', 'max', 'default'],
  datetime: ['unique', 'min', 'max', 'default'],
  select: ['options', 'unique', 'default', 'searchable', 'containsIndex'],
  multiselect: ['options', 'default'],
  relation: ['collection', 'onDelete', 'unique'],
  relations: ['collection'],
  email: ['unique', 'default', 'collation', 'searchable', 'containsIndex'],
  url: ['unique', 'default', 'collation', 'searchable', 'containsIndex'],
  json: ['default'],
};

const COMMON = ['name', 'type', 'description', 'required', 'hidden', 'readRule', 'writeRule'];
const FLAGS = ['required', 'unique', 'hidden', 'searchable', 'containsIndex'];
const TOP = ['name', 'singular', 'description', 'deletion', 'history', 'titleField'];

/** The rules of a collection, in their order. */
export const OPERATIONS = ['list', 'view', 'create', 'update', 'delete'];

/** True if a field of this type takes the option. */
export const takes = (type, option) => OPTIONS[type]?.includes(option) ?? false;

let last = 0;

/** A key for something new in a draft, which lives in one browser. */
export function newKey() {
  last += 1;
  return `n${Date.now().toString(36)}${last}`;
}

/** What the editor holds of a definition, be it stored or only what a new one begins as. */
export function draftOf(definition = {}, isStored = true) {
  const { name = '', singular = '', description = '', deletion = 'soft', history = false, titleField = '' } = definition;
  const rules = Object.fromEntries(OPERATIONS.map((operation) => [operation, definition.rules?.[operation] ?? null]));
  const fields = (definition.fields ?? []).map((field) => ({ key: field.name, had: isStored ? field.name : null, isDropped: false, ...held(field) }));
  return { name, singular, description, deletion, history, titleField, rules, fields, indexes: (definition.indexes ?? []).map(indexDraft) };
}

function held(field) {
  const isJson = field.type === 'json' && field.default !== undefined;
  return { ...field, ...(isJson && { default: JSON.stringify(field.default, null, 2) }) };
}

function indexDraft({ fields, unique = false, where = '' }, at) {
  const columns = fields.map((text) => ({ name: text.replace(/^-/, ''), isDescending: text.startsWith('-') }));
  return { key: `i${at}`, columns, unique, where };
}

/** A field that is still to be made. */
export function newField(type) {
  const first = { select: { options: [''] }, multiselect: { options: [''] }, relation: { onDelete: 'restrict' }, decimal: { scale: 2 } }[type];
  return { key: newKey(), had: null, isDropped: false, name: '', type, ...first };
}

/** A field of another type, with as much of what it has as the new type understands. */
export function withType(field, type) {
  // Bounds of a text count characters, those of others are values.
  const keepsBounds = (field.type === 'text') === (type === 'text');
  const kept = [...COMMON, ...OPTIONS[type]].filter((key) => keepsBounds || !['min', 'max', 'default'].includes(key));
  const { key, had, isDropped } = field;
  return { ...newField(type), ...pick(field, kept), key, had, isDropped, type };
}

function pick(object, keys) {
  return Object.fromEntries(keys.filter((key) => object[key] !== undefined).map((key) => [key, object[key]]));
}

/** The definition that a draft stands for, in the keys of the API. What is empty is left out. */
export function definitionOf(draft) {
  const top = Object.fromEntries(TOP.filter((key) => draft[key]).map((key) => [key, draft[key]]));
  const rules = Object.fromEntries(OPERATIONS.filter((operation) => draft.rules[operation] !== null).map((operation) => [operation, draft.rules[operation]]));
  return {
    ...top,
    fields: draft.fields.filter(({ isDropped }) => !isDropped).map(fieldOf),
    indexes: draft.indexes.map(indexOf),
    ...(Object.keys(rules).length > 0 && { rules }),
  };
}

/** One field in the keys of the API. Keys that the page does not know yet stay as they are. */
export function fieldOf({ key, had, isDropped, called, ...field }) {
  const known = [...COMMON, ...Object.values(OPTIONS).flat()];
  const told = {};
  for (const [name, value] of Object.entries(field)) {
    const isWanted = !known.includes(name) || COMMON.includes(name) || takes(field.type, name);
    const written = isWanted ? optionOf(field, name, value) : undefined;
    if (written !== undefined) told[name] = written;
  }
  return told;
}

function optionOf(field, name, value) {
  if (value === undefined || value === null || (value === '' && !isRule(name) && name !== 'name')) return undefined;
  if (FLAGS.includes(name)) return value || undefined;
  if (name === 'scale') return numberOf(value);
  if (name === 'min' || name === 'max') return field.type === 'text' || isNumber(field.type) ? numberOf(value) : value;
  if (name === 'default') return defaultOf(field, value);
  return value;
}

const isRule = (name) => name === 'readRule' || name === 'writeRule';
const isNumber = (type) => type === 'integer' || type === 'number';

function defaultOf({ type, options = [] }, value) {
  if (isNumber(type)) return numberOf(value);
  if (type === 'json') return parsed(value).value;
  if (type === 'multiselect') return Array.isArray(value) ? options.filter((option) => value.includes(option)) : undefined;
  return value;
}

/** What was typed as a number, else as it is: the server then says what is wrong with it. */
function numberOf(value) {
  const text = String(value).trim();
  const number = Number(text);
  const isSafe = text !== '' && Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number));
  return isSafe ? number : text;
}

/** `{ value }` of a text that is JSON, `{ isFaulty: true }` of another. */
export function parsed(text) {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { value: undefined, isFaulty: true };
  }
}

/** An index in the keys of the API. */
export function indexOf({ columns, unique, where }) {
  const fields = columns.filter(({ name }) => name).map(({ name, isDescending }) => (isDescending ? `-${name}` : name));
  return { fields, ...(unique && { unique }), ...(where.trim() && { where }) };
}
