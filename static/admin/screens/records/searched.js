// Where plain words are looked for.
import { fieldsOf } from '../../fields/types.js';

const TEXTS = ['text', 'email', 'url', 'select'];
// More of them would read each record too often.
const AT_MOST = 8;

/** True where the collection has fields that the API searches by words. */
export function isSearchable({ fields }) {
  return fields.some(({ searchable }) => searchable);
}

/** The fields that are read for words where it has none. */
export function searchedFields(definition) {
  return fieldsOf(definition).filter(({ type, hidden }) => TEXTS.includes(type) && !hidden).slice(0, AT_MOST);
}
