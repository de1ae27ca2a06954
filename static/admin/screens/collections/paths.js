// Addresses of these screens. A tab stands behind every name, because a collection can be called
// `new` or `picture`.

/** The editor of a collection. */
export const editorPath = (name, tab = 'fields') => `/collections/${encodeURIComponent(name)}/${tab}`;

/** The editor of one that is still to be made. */
export const NEW = '/collections/new';

/** The picture of the relations. */
export const PICTURE = '/collections/picture';

/** The records of a collection. */
export const recordsOf = (name) => `/records/${encodeURIComponent(name)}`;

/** The page of its API. */
export const apiOf = (name) => `/api/${encodeURIComponent(name)}`;
