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
  return name.endsWith('Ids') ? `${name.slice(0, -3)}s` : name.slice(0, -2);
}
