// Conditions as the filter builder has them, and the expressions that they are written as:
// `{ key, operator, value }`, or `{ raw }` for what was typed and is more than one of these.
import { titleKey } from '../../fields/title.js';
import { allFieldsOf } from '../../fields/types.js';
import { isLoose, partsOf } from './expression.js';

const LITERAL = String.raw`("(?:[^"\\]|\\.)*"|-?[\d.]+(?:e-?\d+)?|true|false)`;
const NAME = String.raw`([A-Za-z]\w*)`;

const compare = (sign) => operator((field, value) => `${field.key} ${sign} ${value}`, `${NAME} ${sign} ${LITERAL}`);
const call = (name) => operator((field, value) => `${field.key}.${name}(${value})`, String.raw`${NAME}\.${name}\(${LITERAL}\)`);
const fixed = (write, pattern) => ({ ...operator(write, pattern), takes: 'nothing' });

/** How each is written (`write`), and known again (`pattern`: the field's name, then the value). */
const OPERATORS = {
  is: compare('=='),
  isNot: compare('!='),
  less: compare('<'),
  atMost: compare('<='),
  more: compare('>'),
  atLeast: compare('>='),
  contains: call('contains'),
  startsWith: call('startsWith'),
  endsWith: call('endsWith'),
  has: operator((field, value) => `${value} in ${field.key}`, `${LITERAL} in ${NAME}`, turned),
  hasNot: operator((field, value) => `!(${value} in ${field.key})`, String.raw`!\(${LITERAL} in ${NAME}\)`, turned),
  isEmpty: fixed(({ key }) => `${key} == null`, `${NAME} == null`),
  isFilled: fixed(({ key }) => `${key} != null`, `${NAME} != null`),
  hasNone: fixed(({ key }) => `${key}.size() == 0`, String.raw`${NAME}\.size\(\) == 0`),
  hasSome: fixed(({ key }) => `${key}.size() > 0`, String.raw`${NAME}\.size\(\) > 0`),
};

const EMPTY = ['isEmpty', 'isFilled'];
const TEXTS = ['contains', 'is', 'isNot', 'startsWith', 'endsWith', ...EMPTY];
const ORDERED = ['is', 'isNot', 'less', 'atMost', 'more', 'atLeast', ...EMPTY];
const OF_TYPE = {
  text: TEXTS,
  email: TEXTS,
  url: TEXTS,
  select: ['is', 'isNot', ...EMPTY],
  boolean: ['is', ...EMPTY],
  multiselect: ['has', 'hasNot', ...EMPTY],
  relation: ['called', 'is', 'isNot', ...EMPTY],
  relations: ['called', 'has', 'hasNot', 'hasNone', 'hasSome'],
  id: ['is', 'isNot'],
  json: EMPTY,
};

/** The operators that a field can be asked by, the usual one first. */
export const operatorsOf = ({ type }) => OF_TYPE[type] ?? ORDERED;

/** True for an operator that is asked with a value. */
export const takesValue = (name) => OPERATORS[name]?.takes !== 'nothing';

/** The expression of all `conditions` together. */
export function written(conditions, definition, definitions) {
  const parts = conditions.map((condition) => writtenOne(condition, definition, definitions));
  return parts.map((part) => (parts.length > 1 && isLoose(part) ? `(${part})` : part)).join(' && ');
}

/** The conditions that an expression consists of. */
export function conditionsIn(text, definition, definitions) {
  if (!text.trim()) return [];
  const parts = isLoose(text) ? null : partsOf(text);
  return (parts ?? [text]).map((part) => known(part, definition, definitions) ?? { raw: part });
}

function writtenOne({ raw, key, operator: name, value }, definition, definitions) {
  if (raw !== undefined) return raw;
  const field = allFieldsOf(definition).find((one) => one.key === key);
  if (name === 'called') return calledBy(field, definitions, JSON.stringify(value));
  return OPERATORS[name].write(field, literal(field, value));
}

function known(part, definition, definitions) {
  const fields = allFieldsOf(definition);
  for (const [name, { pattern, order }] of Object.entries(OPERATORS)) {
    const found = pattern.exec(part);
    if (!found) continue;
    const [key, value] = order(found[1], found[2]);
    const field = fields.find((one) => one.key === key);
    if (field && operatorsOf(field).includes(name)) return { key, operator: name, value: readLiteral(value) };
  }
  return knownByTitle(part, fields, definitions);
}

/** `author.name.contains("Ann")`, and the like for a list: what a relation leads to is called so. */
function calledBy({ type, expanded, collection }, definitions, text) {
  const title = titleKey(definitions.find(({ name }) => name === collection) ?? { fields: [] });
  if (!title) return type === 'relation' ? `${expanded}.id == ${text}` : `${expanded}.exists(r, r.id == ${text})`;
  return type === 'relation' ? `${expanded}.${title}.contains(${text})` : `${expanded}.exists(r, r.${title}.contains(${text}))`;
}

function knownByTitle(part, fields, definitions) {
  const [text] = /"(?:[^"\\]|\\.)*"/.exec(part) ?? [];
  const field = text && fields.find((one) => one.expanded && calledBy(one, definitions, text) === part);
  return field ? { key: field.key, operator: 'called', value: readLiteral(text) } : null;
}

const BARE = ['integer', 'number', 'decimal', 'boolean'];

function literal({ type }, value) {
  return BARE.includes(type) ? value.trim() : JSON.stringify(value);
}

function readLiteral(text) {
  if (text === undefined) return '';
  return text.startsWith('"') ? unquoted(text) : text;
}

function unquoted(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text.slice(1, -1);
  }
}

function turned(value, name) {
  return [name, value];
}

function operator(write, pattern, order = (name, value) => [name, value]) {
  return { write, pattern: new RegExp(`^${pattern}$`), order };
}
