// Finding records by what they are called, as pickers do.
import { api } from '../api.js';
import { apiName, recordsPath } from '../names.js';
import { titleKey } from './title.js';

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const SHOWN = 10;

/** The first records of `definition` that fit what was typed; the newest where nothing was. */
export async function searchRecords(definition, text, signal) {
  const fields = ['id', titleKey(definition), hasEmail(definition) && 'email'].filter(Boolean).join();
  const { data } = await api.get(recordsPath(definition.name), { ...condition(definition, text.trim()), fields, pageSize: SHOWN, count: 'none' }, { signal });
  return data.items;
}

/** The parameters of a list that ask for `text`. */
export function condition(definition, text) {
  const key = titleKey(definition);
  if (text === '') return {};
  if (ULID.test(text.toUpperCase())) return { id: text.toUpperCase() };
  if (hasEmail(definition)) return { filter: [key, 'email'].map((one) => holding(one, text)).join(' || ') };
  const inTitle = words(text);
  const isSearchable = definition.fields.some(({ name, searchable }) => searchable && apiName(name) === key);
  if (isSearchable && inTitle.length > 0) return { search: inTitle.map((word) => `${word}*`).join(' ') };
  // What has no title is found by its id alone.
  return key ? { filter: holding(key, text) } : { id: text };
}

/** Names of people are not theirs alone: users are found by their address, too, where the reader sees it. */
function hasEmail({ name, fields }) {
  return name === 'users' && fields.some((field) => field.name === 'email');
}

function holding(key, text) {
  return `${key}.lower().contains(${JSON.stringify(lowered(text))})`;
}

function words(text) {
  return text.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Only A to Z, as `.lower()` of a filter does. */
function lowered(text) {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
