// What an input holds (`typed`) and what the API takes (`value`), from one to the other.
import { isSame } from '../same.js';
import { words } from '../words/index.js';
import { readJson } from './json-text.js';
import { toInstant, toLocal } from './local-time.js';

/** What a date input holds while it is filled in half. */
export const HALF_TYPED = '?';

const INTEGER = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?\d+(\.\d+)?$/;
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** How the values of a type become what is typed, and are read from it; texts and lists are both. */
const KINDS = {
  text: { typed: (value) => value, read: (typed) => ({ value: typed }) },
  integer: { typed: written, read: reader(readInteger) },
  number: { typed: written, read: reader((text) => fitting(NUMBER.test(text) && Number.isFinite(Number(text)), Number(text), words.fields.notNumber)) },
  decimal: { typed: written, read: reader((text) => fitting(DECIMAL.test(text), text, words.fields.notDecimal)) },
  date: { typed: written, read: reader((text) => ({ value: text })) },
  datetime: { typed: (value) => (value ? toLocal(value) : ''), read: reader((text) => ({ value: toInstant(text) })) },
  json: { typed: (value) => (value === null ? '' : JSON.stringify(value, null, 2)), read: reader(readJsonText) },
  boolean: { typed: (value) => value, read: (typed) => ({ value: typed }) },
  email: { typed: written, read: reader((text) => ({ value: text })) },
};
const SAME_AS = { url: 'email', select: 'text', multiselect: 'text', relation: 'text', relations: 'text' };

const kind = (type) => KINDS[SAME_AS[type] ?? type] ?? KINDS.text;

/** What the input of `field` holds for `value`. */
export function toTyped(field, value) {
  return kind(field.type).typed(value ?? null);
}

/** `{ value }` of what was typed, or `{ issue }` where it is none. */
export function readTyped(field, typed) {
  const { value, message } = kind(field.type).read(typed);
  if (message) return { issue: { field: field.key, code: 'INVALID_FORMAT', message } };
  return field.required && isNothing(value) ? { issue: { field: field.key, code: 'REQUIRED' } } : { value };
}

/** True where what was typed means something else than `stored`. */
export function isChanged(field, typed, stored) {
  if (isSame(typed, toTyped(field, stored))) return false;
  const { value, message } = kind(field.type).read(typed);
  return Boolean(message) || !isSame(value, stored);
}

/** What a record has that nobody has given a value. */
export function valueAtFirst(field) {
  return field.default ?? (field.type === 'relations' ? [] : null);
}

/** True for what `required` forbids. */
export function isNothing(value) {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

function written(value) {
  return value === null ? '' : String(value);
}

/** An emptied input has no value; what stands around a value is not meant. */
function reader(read) {
  return (typed) => {
    const text = (typed ?? '').trim();
    if (text === HALF_TYPED) return { message: words.fields.halfTyped };
    return text === '' ? { value: null } : read(text);
  };
}

function fitting(fits, value, message) {
  return fits ? { value } : { message };
}

// A double holds no larger one exactly, but the API reads it from a text.
function readInteger(text) {
  if (!INTEGER.test(text)) return { message: words.fields.notInteger };
  const value = Number(text);
  return { value: Number.isSafeInteger(value) ? value : String(BigInt(text)) };
}

function readJsonText(text) {
  const { value, fault } = readJson(text);
  return fault ? { message: words.json.faultAt(fault) } : { value };
}
