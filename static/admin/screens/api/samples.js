// What the examples of a collection are filled with.
import { api } from '../../api.js';
import { fieldsOf, isRelation } from '../../fields/types.js';
import { useLoad } from '../../load.js';
import { recordPath, recordsPath } from '../../names.js';
import { useUser } from '../../session.js';
import { filterFor } from './conditions.js';

/**
 * Loads `{ record, ids, count }`: the newest record, or the one that `id` names (null where there is
 * none to see); a live record of each collection that a relation may point at; how many records the
 * example of a filter finds.
 */
export function useSamples(definition, id) {
  const user = useUser();
  return useLoad(async (signal) => {
    const record = await seen(() => (id ? one(definition, id, signal) : newest(definition.name, signal)));
    const ids = { users: user.id, ...(record && { [definition.name]: record.id }) };
    for (const { key, type, collection } of fieldsOf(definition).filter((field) => isRelation(field.type))) {
      const own = type === 'relation' ? record?.[key] : record?.[key]?.[0];
      ids[collection] ??= own ?? (await seen(() => newest(collection, signal)))?.id;
    }
    const count = await seen(() => counted(definition, record, signal));
    return { record, ids, count: count ?? 0 };
  }, [definition, id]);
}

async function one({ name }, id, signal) {
  return (await api.get(recordPath(name, id), {}, { signal })).data;
}

async function newest(collection, signal) {
  return (await api.get(recordsPath(collection), { pageSize: 1, count: 'none' }, { signal })).data.items[0] ?? null;
}

async function counted(definition, record, signal) {
  const query = { filter: filterFor(definition, record), pageSize: 1, fields: 'id' };
  return (await api.get(recordsPath(definition.name), query, { signal })).data.pagination.totalItems;
}

/** What the caller may not see is not there for an example either; that Stead is away is no such thing. */
async function seen(ask) {
  try {
    return await ask();
  } catch (fault) {
    if (fault.status >= 400 && fault.status < 500) return null;
    throw fault;
  }
}
