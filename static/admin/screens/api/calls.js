// The calls of one collection, each with an example that is filled with a real record.
import { fieldsOf, isNumeric } from '../../fields/types.js';
import { recordsPath } from '../../names.js';
import { aggregateFor, conditionsFor, expandFor, filterFor, namesFor, pointingAt, wordFor } from './conditions.js';
import { changeOf, newRecord, NO_ID, sentAgain } from './values.js';

/**
 * All of them, as `{ key, group, method, template, path, query, headers, body, type, needs, ... }`:
 * `template` is the path in the contract; `needs` is what of the definition's `can` it takes;
 * `isManual` is said of what is large, `file` of what is a file; `of` has the names that the words
 * of the call want.
 */
export function callsOf(definition, definitions, samples) {
  const root = recordsPath(definition.name);
  const it = { definition, definitions, ...samples, root, id: samples.record?.id ?? NO_ID, one: `${root}/${samples.record?.id ?? NO_ID}` };
  const isUsers = definition.name === 'users';
  const all = isUsers ? [...reading(it), ...ofUsers(it)] : [...reading(it), ...changing(it), ...ofMany(it), ...files(it)];
  const calls = [...all, ...nested(it)].filter(Boolean);
  return calls.map((call) => ({ template: templateOf(call, it), ...call })).filter(({ needs }) => definition.can?.[needs] ?? true);
}

function reading({ definition, definitions, record, root, one }) {
  const read = (key, query, more) => ({ key, group: 'read', method: 'GET', path: root, query, needs: 'list', ...more });
  const word = wordFor(definition, record);
  const expand = expandFor(definition, definitions).join(',');
  return [
    read('list', { page: '1', pageSize: '5', sort: '-createdAt' }),
    read('view', {}, { path: one, needs: 'view' }),
    read('where', conditionsFor(definition, record)),
    read('filter', { filter: filterFor(definition, record) }),
    word && read('search', { search: word }),
    expand && read('expand', { expand, pageSize: '2' }),
    read('fields', { fields: namesFor(definition), pageSize: '5' }),
    read('cursor', { cursor: '', pageSize: '2', fields: 'id' }),
    read('count', { ...conditionsFor(definition, record), pageSize: '1', fields: 'id' }),
    read('aggregate', aggregateFor(definition), { path: `${root}/aggregate` }),
    definition.history && read('history', {}, { path: `${one}/history`, needs: 'view' }),
    definition.history && read('at', { at: record?.updatedAt ?? new Date().toISOString() }, { path: one, needs: 'view' }),
  ];
}

function changing(it) {
  const { definition, record, ids, root, one } = it;
  const change = (key, method, path, more) => ({ key, group: 'change', method, path, needs: 'update', ...more });
  const number = fieldsOf(definition).find(({ type, hidden }) => isNumeric(type) && !hidden);
  const changed = changeOf(definition, ids);
  const version = String(record?.version ?? 1);
  return [
    change('create', 'POST', root, { headers: { 'Idempotency-Key': '' }, body: newRecord(definition, ids), needs: 'create' }),
    change('update', 'PATCH', one, { body: changed }),
    change('ifMatch', 'PATCH', one, { headers: { 'If-Match': `"${version}"` }, body: changed }),
    number && change('increment', 'PATCH', one, { body: { [number.key]: { $inc: 1 } } }),
    change('replace', 'PUT', one, { body: record ? sentAgain(definition, record) : newRecord(definition, ids) }),
    change('delete', 'DELETE', one, { needs: 'delete' }),
    definition.deletion !== 'hard' && change('restore', 'POST', `${one}/restore`, { needs: 'restore' }),
    definition.history && change('revert', 'POST', `${one}/revert`, { body: { version: Math.max((record?.version ?? 1) - 1, 1) } }),
  ];
}

function ofMany({ definition, record, ids, count, root, one }) {
  const many = (key, method, more) => ({ key, group: 'many', method, path: root, needs: 'update', ...more });
  const query = { filter: filterFor(definition, record), expect: String(count) };
  const changed = changeOf(definition, ids);
  const unique = fieldsOf(definition).find((field) => field.unique && !field.hidden);
  const whole = record && unique && record[unique.key] !== null ? sentAgain(definition, record) : newRecord(definition, ids);
  const operations = [
    { method: 'POST', path: root, body: newRecord(definition, ids, 4), ref: 'new' },
    { method: 'PATCH', path: one, body: changed },
  ];
  return [
    many('createMany', 'POST', { body: [newRecord(definition, ids, 2), newRecord(definition, ids, 3)], needs: 'create' }),
    many('updateAll', 'PATCH', { query, body: changed }),
    many('deleteAll', 'DELETE', { query, needs: 'delete' }),
    unique && many('upsert', 'PUT', { query: { on: unique.key }, body: whole }),
    many('batch', 'POST', { path: '/api/batch', template: '/api/batch', body: { operations }, needs: 'create' }),
  ];
}

function files({ definition, ids, importId = NO_ID, root }) {
  const record = newRecord(definition, ids, 5);
  const csv = [Object.keys(record).join(','), Object.values(record).map(cell).join(','), ''].join('\n');
  return [
    { key: 'export', group: 'files', method: 'GET', path: `${root}/export`, query: { format: 'csv' }, isManual: true, file: `${definition.name}.csv`, needs: 'list' },
    { key: 'import', group: 'files', method: 'POST', path: `${root}/import`, query: { mode: 'create' }, body: csv, type: 'text/csv', needs: 'create' },
    { key: 'takeBack', group: 'files', method: 'DELETE', path: `${root}/import/${importId}`, template: `${root}/import/{importId}`, needs: 'delete' },
  ];
}

function ofUsers({ root, one }) {
  const change = (key, method, path, more) => ({ key, group: 'change', method, path, needs: 'update', ...more });
  const email = `ben.${Date.now().toString(36).slice(-5)}@example.com`;
  return [
    change('createUser', 'POST', root, { body: { email, password: 'correct horse battery staple', displayName: 'Ben' }, needs: 'create' }),
    change('updateUser', 'PATCH', one, { body: { displayName: 'Ben' } }),
    change('deactivate', 'POST', `${one}/deactivate`),
    change('activate', 'POST', `${one}/activate`),
    change('unlock', 'POST', `${one}/unlock`),
    change('delete', 'DELETE', one, { needs: 'delete' }),
    change('restore', 'POST', `${one}/restore`, { needs: 'restore' }),
  ];
}

/** What is under a record of this collection: the records of others that point at it. */
function nested({ definition, definitions, ids, one }) {
  return pointingAt(definition, definitions)
    .filter(({ field }) => field.type === 'relation')
    .flatMap(({ collection, definition: child, field, isOne }) => {
      const path = `${one}/${recordsPath(collection).split('/').at(-1)}`;
      const via = isOne ? {} : { via: field.key };
      const { [field.key]: _, ...body } = newRecord(child, ids);
      const call = { group: 'nested', path, of: { collection, via: isOne ? null : field.key } };
      const suffix = `${collection}-${field.key}`;
      return [
        { ...call, key: `under-${suffix}`, words: 'under', method: 'GET', query: { ...via, pageSize: '5' }, needs: 'view' },
        { ...call, key: `add-${suffix}`, words: 'addUnder', method: 'POST', query: via, body, needs: 'view' },
      ];
    });
}

/** Its path as the contract has it. */
function templateOf({ path }, { root, one }) {
  if (path === one || path.startsWith(`${one}/`)) return `${root}/{id}${path.slice(one.length)}`;
  return path;
}

/** A value as a cell of CSV: a text as it is, lists and objects as JSON. */
function cell(value) {
  if (value === null) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
