// Addresses of screens. They stand behind the `#`, so that the page works below any path and needs
// nothing from the server: `#/records/posts/01J…?sort=-createdAt`.
import { store } from './store.js';

const address = store(read());
addEventListener('hashchange', () => address.set(read()));

/** `{ path, query }`: `/records/posts`, and the parameters as an object. */
export const useAddress = address.use;

/** The same, outside of components. */
export const currentAddress = address.get;

/** What a link to a screen has as its `href`. What is empty in `query` is left out. */
export function to(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const text = new URLSearchParams(given).toString();
  return `#${path}${text && `?${text}`}`;
}

/** Goes to a screen; with `replace`, Back does not come here again. */
export function go(path, query, { replace = false } = {}) {
  const next = to(path, query);
  if (next === location.hash) return;
  if (!replace) {
    location.hash = next;
    return;
  }
  history.replaceState(history.state, '', next);
  address.set(read());
}

/** Changes parameters of this address, and keeps the others; Back does not undo it. */
export function amend(changes) {
  const { path, query } = read();
  go(path, { ...query, ...changes }, { replace: true });
}

/** The names in `pattern` (`/records/:collection/:id?`) and what `path` has there, or null. */
export function match(pattern, path) {
  const wanted = pattern.split('/').slice(1);
  const given = path.split('/').slice(1);
  if (given.length > wanted.length) return null;
  const found = {};
  for (const [at, part] of wanted.entries()) {
    const name = part.replace(/^:|\?$/g, '');
    const value = given[at];
    if (value === undefined && !part.endsWith('?')) return null;
    if (part.startsWith(':')) found[name] = value === undefined ? undefined : decoded(value);
    else if (value !== undefined && value !== name) return null;
  }
  return found;
}

/** An address that was cut, or typed by hand, may hold what decodes to nothing: then it stands for itself. */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function read() {
  const [path, query = ''] = location.hash.slice(1).split('?');
  return { path: path.startsWith('/') ? path : '/', query: Object.fromEntries(new URLSearchParams(query)) };
}
