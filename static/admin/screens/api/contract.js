// What the contract of this instance, `/api/openapi.json`, says of a call.
import { api } from '../../api.js';
import { useLoad } from '../../load.js';

const PATH = '/api/openapi.json';

// It is large, so it is kept as long as the definitions that it was made from.
let kept = { definitions: null, document: null };

/** The document, as the caller may see it. */
export function useContract(definitions) {
  return useLoad(
    async (signal) => {
      if (kept.definitions !== definitions) kept = { definitions, document: await (await api.open(PATH, { signal })).json() };
      return kept.document;
    },
    [definitions],
  );
}

/**
 * `{ parameters, conditions, body, answers }` of a call, or null where the contract has none:
 * `parameters` and `body` are `[{ name, place, isRequired, values, meaning }]`; `conditions` are the
 * fields that a list is narrowed by, `[{ name, operators, values }]`; `answers` `[{ status, codes }]`.
 */
export function operationOf(document, { template, method }) {
  const path = document.paths[template];
  const operation = path?.[method.toLowerCase()];
  if (!operation) return null;
  const whole = (part) => resolve(document, part);
  const all = [...(path.parameters ?? []), ...(operation.parameters ?? [])].map(whole);
  const schema = bodySchema(whole, operation);
  return {
    parameters: all.filter(({ name }) => !isCondition(name, all)).map((parameter) => row(whole, parameter)),
    conditions: conditionsOf(whole, all),
    body: Object.entries(schema?.properties ?? {}).map(([name, part]) => property(whole, name, part, schema.required ?? [])),
    answers: Object.entries(operation.responses).map(([status, answer]) => ({ status: Number(status), codes: codesOf(whole(answer)) })),
  };
}

function resolve(document, part) {
  if (!part?.$ref) return part;
  const found = part.$ref.slice(2).split('/').reduce((at, name) => at?.[name.replaceAll('~1', '/').replaceAll('~0', '~')], document);
  return resolve(document, found);
}

function row(whole, { name, in: place, required = false, schema, description }) {
  const inner = whole(schema);
  return { name, place, isRequired: required, values: valuesOf(whole, inner), meaning: description ?? inner?.description ?? '' };
}

function property(whole, name, part, required) {
  const schema = whole(part);
  return { name, isRequired: required.includes(name), values: valuesOf(whole, schema), meaning: schema.description ?? '' };
}

/** A field that is also there with an operator is a condition. */
function isCondition(name, all) {
  return name.includes('[') || all.some((other) => other.name.startsWith(`${name}[`));
}

function conditionsOf(whole, all) {
  const fields = new Map();
  for (const { name, schema } of all.filter((parameter) => isCondition(parameter.name, all))) {
    const [field, operator] = name.split(/[[\]]/);
    const known = fields.get(field) ?? { name: field, operators: [], values: '' };
    if (operator) known.operators.push(operator);
    if (!known.values) known.values = valuesOf(whole, whole(schema));
    fields.set(field, known);
  }
  return Array.from(fields.values());
}

/** The schema of what is sent: of several, the one that names members. */
function bodySchema(whole, { requestBody }) {
  const schema = whole(requestBody?.content?.['application/json']?.schema);
  return schema?.oneOf?.map(whole).find(({ properties }) => properties) ?? schema;
}

function codesOf({ content, description }) {
  const error = content?.['application/json']?.schema?.properties?.error;
  return error ? (error.properties?.code?.enum ?? [description]) : [];
}

/** A schema in a few words: `integer, 1 to 100, else 20`. */
function valuesOf(whole, schema) {
  if (!schema) return '';
  const parts = (schema.anyOf ?? schema.oneOf)?.map((part) => valuesOf(whole, whole(part))).filter(Boolean);
  const listed = schema.enum?.filter((value) => value !== null).map((value) => String(value));
  const type = listed?.join(' | ') ?? (parts?.length ? [...new Set(parts)].join(' | ') : typeOf(whole, schema));
  return [type, bounds(schema), schema.default !== undefined && `= ${JSON.stringify(schema.default)}`].filter(Boolean).join(', ');
}

function typeOf(whole, { type, format, items, const: fixed }) {
  if (fixed !== undefined) return JSON.stringify(fixed);
  if (type === 'array' && items) return `${valuesOf(whole, whole(items))} []`;
  return [[type].flat().filter(Boolean).join(' | '), format && `(${format})`].filter(Boolean).join(' ');
}

function bounds({ minimum, maximum, minLength, maxLength }) {
  const [from, upTo] = [minimum ?? minLength, maximum ?? maxLength];
  if (from === undefined && upTo === undefined) return '';
  return `${from ?? ''}…${upTo ?? ''}`;
}
