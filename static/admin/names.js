// How names of definitions, which are those of SQLite, become names of the API.

/** `display_name` as records have it: `displayName`. */
export function apiName(column) {
  return column.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
}

/** The path of a collection's records: `/api/v1/order-items`. */
export function recordsPath(collection) {
  return `/api/v1/${collection.replaceAll('_', '-')}`;
}

/** The path of one record. */
export function recordPath(collection, id) {
  return `${recordsPath(collection)}/${encodeURIComponent(id)}`;
}

/** `authorId` as a record has it where it is expanded: `author`; `tagIds`: `tags`. */
export function expandedName(name) {
  return name.endsWith('Ids') ? many(name.slice(0, -3)) : name.slice(0, -2);
}

// As the server counts: a word of its own list, else by the ending.
const IRREGULAR = { child: 'children', man: 'men', woman: 'women', person: 'people', mouse: 'mice', foot: 'feet', data: 'data', media: 'media', news: 'news', series: 'series', movie: 'movies', cookie: 'cookies', quiz: 'quizzes' };

function many(name) {
  const [, before, word] = /^(.*?)([A-Z]?[^A-Z]*)$/.exec(name);
  const irregular = IRREGULAR[word.toLowerCase()];
  if (irregular) return before + word.charAt(0) + irregular.slice(1);
  if (/[^aeou]y$/.test(word)) return `${name.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(word) ? `${name}es` : `${name}s`;
}

/** An id by its last characters, which are those that differ. */
export function shortId(id) {
  return `…${id.slice(-6)}`;
}
