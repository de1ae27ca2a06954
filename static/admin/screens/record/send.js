// What the API is asked by an editor, and what its refusals mean there.
import { api, Fault, newKey } from '../../api.js';
import { fieldsOf } from '../../fields/types.js';
import { recordPath, recordsPath } from '../../names.js';
import { words } from '../../words/index.js';
import { change, creation } from './body.js';

/** The record `id`: `{ record, isDeleted }`. One that is deleted softly is found by who may see such. */
export async function find(definition, id, signal) {
  try {
    return { record: (await api.get(recordPath(definition.name, id), {}, { signal })).data, isDeleted: false };
  } catch (fault) {
    const deleted = fault.status === 404 && (await findDeleted(definition, id, signal));
    if (deleted) return { record: deleted, isDeleted: true };
    throw fault;
  }
}

/** The record among those that are deleted softly; undefined where it is not, or not for the caller. */
export async function findDeleted(definition, id, signal) {
  if (definition.deletion === 'hard' || definition.can?.trash === false) return undefined;
  const answer = await api.get(recordsPath(definition.name), { id, trashed: 'only', pageSize: 1, count: 'none' }, { signal }).catch(() => null);
  return answer?.data.items[0];
}

/** Writes `values`, by field, over `stored`, or makes a record of them. Resolves to it as it is then. */
export async function send({ definition, fields, values, stored }) {
  const { data } = stored ? await update(definition, fields, values, stored) : await create(definition, creation(fields, values));
  if ('createdAt' in data) return data;
  // A rule may let somebody write what it then does not show.
  const seen = await api.get(recordPath(definition.name, data.id)).catch(() => null);
  return seen?.data ?? { ...stored, ...values, ...data };
}

// Who has lost the answer sends the same body again, and must not make two records.
let lastCreation = { body: '', key: '' };

async function create(definition, body) {
  const written = JSON.stringify([definition.name, body]);
  if (lastCreation.body !== written) lastCreation = { body: written, key: newKey() };
  const answer = await api.post(recordsPath(definition.name), body, { key: lastCreation.key });
  lastCreation = { body: '', key: '' };
  return answer;
}

function update(definition, fields, values, stored) {
  const sent = change(fieldsOf(definition), values, stored);
  if (!sent) throw new Fault({ status: 400, code: 'VALIDATION_ERROR', issues: nullsIn(fields, values) });
  return api[sent.method](recordPath(definition.name, stored.id), sent.body, { ifMatch: `"${stored.version}"` });
}

function nullsIn(fields, values) {
  const json = fields.filter(({ key, type }) => key in values && type === 'json');
  return json.map(({ key }) => ({ field: key, code: 'INVALID', message: words.record.jsonNull }));
}

/**
 * What a refusal means for the editor: `{ clash }`, the record as it is stored now, where somebody
 * else was first; `{ isGone }` where it was deleted; else the `fault` with its `issues`.
 */
export async function outcomeOf(fault, definition, stored) {
  const refused = { fault, issues: fault.issues ?? [] };
  if (!stored || (fault.status !== 412 && fault.status !== 404)) return refused;
  if (fault.status === 404) return { fault: null, issues: [], isGone: true };
  try {
    const { data } = await api.get(recordPath(definition.name, stored.id));
    return { fault: null, issues: [], clash: data };
  } catch (other) {
    return other.status === 404 ? { fault: null, issues: [], isGone: true } : { fault: other, issues: [] };
  }
}
