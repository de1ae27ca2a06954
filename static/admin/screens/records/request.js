// From the address of a list to what the API is asked.
import { isRelation } from '../../fields/types.js';
import { titleKey } from '../../fields/title.js';
import { isSearchable, searchedFields } from './searched.js';

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
// As many as the API expands in one answer.
const EXPANDED = 16;

/** Which records: the address's `search`, `filter` and `trashed` as parameters of a list. */
export function conditionsOf(definition, { search = '', filter = '', trashed }) {
  if (!search || isSearchable(definition)) return { search, filter, trashed };
  const words = hasWords(definition, search);
  return { filter: filter ? `(${filter}) && (${words})` : words, trashed };
}

/** In which order. Without one, a search tells the best first and all else the newest. */
export function orderOf(definition, { sort, search }) {
  return { sort, isRanked: Boolean(search) && !sort && isSearchable(definition) };
}

/** What of each record: the fields of `columns`, and the titles of what they point at. */
export function partOf(definition, definitions, columns, isTrash) {
  const kept = ['id', 'version', titleKey(definition), isTrash && 'deletedAt'].filter(Boolean);
  const named = new Set([...kept, ...columns.map(({ key }) => key)]);
  const expanded = columns.filter(({ type, collection }) => isRelation(type) && definitions.some(({ name }) => name === collection)).slice(0, EXPANDED);
  for (const field of expanded) {
    const title = titleKey(definitions.find(({ name }) => name === field.collection));
    named.add(`${field.expanded}.id`);
    if (title) named.add(`${field.expanded}.${title}`);
  }
  return { fields: Array.from(named).join(','), expand: expanded.map(({ expanded: name }) => name).join(',') };
}

/** Where nothing is indexed for search: the words, in any text, whatever their case; or an id. */
function hasWords(definition, text) {
  if (ULID.test(text)) return `id == "${text}"`;
  const lower = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const asked = searchedFields(definition).map(({ key }) => `${key}.lower().contains(${JSON.stringify(lower)})`);
  return asked.join(' || ') || `id == ${JSON.stringify(text)}`;
}
