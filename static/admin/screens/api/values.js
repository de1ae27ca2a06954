// Believable values for examples, by the type and the options of a field.
import { fieldsOf } from '../../fields/types.js';

// What stands for an id where there is no record to take one from.
export const NO_ID = '01KEZX4A2NP6S8V0W1X3Y5Z7AB';

const OTHERS = 4;
const LONG_FROM = 1000;
const LONG = 'What a longer text says, in more than one line.';
const TEXTS = ['An example', 'Example', 'example', 'example-1', 'EX-1001', 'EX1001', 'AB123', 'ABC', 'abc', '1001', '12345', '#1d5fd1', '+4930123456'];

const BY_TYPE = {
  text: textFor,
  email: (field, mark) => `ann${mark}@example.com`,
  url: (field, mark) => `https://example.com/${mark || 'page'}`,
  integer: (field) => within(field, 3),
  number: (field) => within(field, 2.5),
  decimal: (field) => within(field, 19.9).toFixed(field.scale ?? 2),
  boolean: () => true,
  date: () => new Date().toISOString().slice(0, 10),
  datetime: () => `${new Date().toISOString().slice(0, 13)}:00:00.000Z`,
  json: () => ({ color: 'red' }),
  select: ({ options }) => options[0],
  multiselect: ({ options }) => options.slice(0, 2),
};

/**
 * A body that makes a record: what is required, and some of what is not. `ids` has a live record of
 * each collection that a relation may point at; `nth` tells several records of one example apart.
 */
export function newRecord(definition, ids, nth = 1) {
  const fields = fieldsOf(definition).filter((field) => field.required || isOffered(field, ids));
  const others = fields.filter(({ required }) => !required).slice(0, OTHERS);
  const chosen = fields.filter((field) => field.required || others.includes(field));
  return Object.fromEntries(chosen.map((field) => [field.key, exampleValue(field, ids, nth)]));
}

/** A value of one field. */
export function exampleValue(field, ids, nth = 1) {
  if (field.type === 'relation') return ids[field.collection] ?? NO_ID;
  if (field.type === 'relations') return ids[field.collection] ? [ids[field.collection]] : [];
  // What must be unique is told apart from what earlier examples have left.
  const mark = field.unique ? `${Date.now().toString(36).slice(-5)}${nth}` : '';
  return BY_TYPE[field.type]?.(field, mark) ?? null;
}

/** The fields of a record that can be sent again as they are. */
export function sentAgain(definition, record) {
  const known = fieldsOf(definition).filter(({ key }) => record[key] !== undefined);
  return Object.fromEntries(known.map(({ key }) => [key, record[key]]));
}

/** A field that one would change for an example, and to what. */
export function changeOf(definition, ids) {
  const plain = fieldsOf(definition).filter(({ type, unique, pattern }) => !unique && !pattern && type in BY_TYPE);
  const field = plain.find(({ type }) => type === 'text') ?? plain[0];
  return field ? { [field.key]: exampleValue(field, ids) } : {};
}

function isOffered({ type, hidden, unique, collection }, ids) {
  if (hidden || unique) return false;
  return type in BY_TYPE || (type === 'relation' && ids[collection] !== undefined);
}

function textFor({ min = 0, max = 5000, pattern }, mark) {
  const wanted = readable(pattern);
  const candidates = mark ? [`Example ${mark}`, `example-${mark}`, mark.toUpperCase(), mark, digits()] : [...(max >= LONG_FROM ? [LONG] : []), ...TEXTS];
  const fitting = candidates.map((text) => fitted(text, min, max)).find((text) => wanted.test(text));
  return fitting ?? fitted(candidates[0], min, max);
}

/** Patterns are those of another engine: what this one cannot read is not asked. */
function readable(pattern) {
  try {
    return new RegExp(`^(?:${pattern ?? '.*'})$`, 'su');
  } catch {
    return /^/;
  }
}

function fitted(text, min, max) {
  return text.slice(0, max).padEnd(min, 'x');
}

const digits = () => String(Date.now()).slice(-6);

function within({ min, max }, value) {
  const atLeast = min === undefined ? value : Math.max(Number(min), value);
  return max === undefined ? atLeast : Math.min(Number(max), atLeast);
}
