// What a record is called where it stands for itself: in lists, pickers, relations.
import { apiName, shortId } from '../names.js';

const TEXTS = ['text', 'email', 'url'];

/** The name, as records have it, of the field that stands for a record; null if there is none. */
export function titleKey(definition) {
  if (definition.titleField) return apiName(definition.titleField);
  if (definition.name === 'users') return 'displayName';
  const texts = definition.fields.filter(({ type, hidden }) => TEXTS.includes(type) && !hidden);
  const first = texts.find(({ required }) => required) ?? texts[0];
  return first ? apiName(first.name) : null;
}

/** A record in a few words: its title, else the end of its id. */
export function recordTitle(definition, record) {
  const key = definition && titleKey(definition);
  const title = key && record[key];
  return title === null || title === undefined || String(title).trim() === '' ? shortId(record.id) : String(title);
}
