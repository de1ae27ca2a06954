// What records are called that others point at: asked for together, and kept for a while.
import { api } from '../api.js';
import { recordsPath } from '../names.js';
import { store } from '../store.js';
import { useEffect } from '../view.js';
import { recordTitle, titleKey } from './title.js';

const FRESH_MS = 10_000;
// The most that one page of a list has.
const AT_ONCE = 100;

/** By `collection/id`: `{ title, at }`; the title is null where the caller may not see the record. */
const known = store({});
let wanted = new Map();

/** A function from an id of `definition`'s records to its title: undefined until it is known, null where there is none to see. */
export function useTitles(definition, ids) {
  const all = known.use();
  useEffect(() => {
    if (definition) want(definition, ids);
  }, [definition?.name, ids.join()]);
  return (id) => definition && all[`${definition.name}/${id}`]?.title;
}

/** Takes a title from a record that is at hand. */
export function noteTitle(definition, record) {
  note(definition, [record.id], [record]);
}

function want(definition, ids) {
  const old = ids.filter((id) => !(Date.now() - known.get()[`${definition.name}/${id}`]?.at < FRESH_MS));
  if (old.length === 0) return;
  // All who ask in one go ask by one request.
  if (wanted.size === 0) queueMicrotask(askAll);
  const { ids: others } = wanted.get(definition.name) ?? { ids: [] };
  wanted.set(definition.name, { definition, ids: [...new Set([...others, ...old])] });
}

function askAll() {
  const questions = wanted;
  wanted = new Map();
  for (const { definition, ids } of questions.values()) {
    for (let from = 0; from < ids.length; from += AT_ONCE) ask(definition, ids.slice(from, from + AT_ONCE));
  }
}

async function ask(definition, ids) {
  const fields = ['id', titleKey(definition)].filter(Boolean).join();
  const query = { 'id[in]': ids.join(), fields, pageSize: AT_ONCE, count: 'none' };
  // A title is no more than a courtesy: where there is none, the id stands for the record.
  const { data } = await api.get(recordsPath(definition.name), query).catch(() => ({ data: { items: [] } }));
  note(definition, ids, data.items);
}

function note(definition, ids, records) {
  const at = Date.now();
  const titles = Object.fromEntries(ids.map((id) => [`${definition.name}/${id}`, { title: null, at }]));
  for (const record of records) titles[`${definition.name}/${record.id}`] = { title: recordTitle(definition, record), at };
  known.set((was) => ({ ...was, ...titles }));
}
