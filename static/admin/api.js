// The client of Stead's public API: one request at a time in, data or a Fault out.
import { base } from './base.js';
import { reached, unreachable } from './reach.js';

const DEADLINE_MS = 30_000;
// A setting can put a prefix before the cookie's name.
const CSRF_COOKIES = /(?<=^|; )[^=;]*csrf_token=([^;]*)/g;
const REFRESH = '/api/auth/refresh';

/** Why a request did not succeed. `status` is 0 where no answer came at all. */
export class Fault extends Error {
  constructor({ status = 0, code = '', message = '', requestId = '', retryAfter = null, issues = [] }) {
    super(message || code || `HTTP ${status}`);
    Object.assign(this, { status, code, requestId, retryAfter, issues });
  }

  get isOffline() {
    return this.status === 0;
  }
}

/** Set by the session: what to do when the API says that signing in, or a new password, is due. */
export const onDemand = {
  /** Resolves to true once the same user has signed in again, so that the request can be repeated. */
  signIn: async () => false,
  passwordChange: () => {},
};

/**
 * Each resolves to `{ status, data, meta, etag }`, or throws a Fault. `query` is an object; what is
 * undefined, null or '' in it is left out. Options:
 * - `ifMatch`: the tag that what is changed must still have (412 if not)
 * - `key`: an `Idempotency-Key`, so that a repetition does nothing twice
 * - `signedIn: false`: a 401 is an answer, not a reason to refresh
 * - `waits: false`: a 401 that no refresh mends is a Fault at once, without a sign-in
 * - `signal`: ends the request
 */
export const api = {
  get: (path, query, options) => call('GET', withQuery(path, query), undefined, options),
  post: (path, body, options) => call('POST', path, body, options),
  patch: (path, body, options) => call('PATCH', path, body, options),
  put: (path, body, options) => call('PUT', path, body, options),
  remove: (path, query, options) => call('DELETE', withQuery(path, query), undefined, options),
  /** Changes all records that fit: the filter stands in the query. */
  patchAll: (path, query, body, options) => call('PATCH', withQuery(path, query), body, options),
  /** Sends a file as it is; `onProgress` gets the bytes sent and those to send. */
  upload,
  /** The answer as it comes, for streams: signed in, refreshed, and a Fault where it is none. */
  open,
  /** Any request, and its answer as it came, whatever its status: for who wants to see just that. */
  raw,
};

/** `path` with what `query` names. */
export function withQuery(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const text = new URLSearchParams(given).toString();
  return text ? `${path}?${text}` : path;
}

/** True where a session may exist: its readable cookie lives as long as its refresh token. */
export function mayBeSignedIn() {
  return csrfTokens().length > 0;
}

/** A key for `Idempotency-Key`. (`randomUUID` is missing where the page came over plain HTTP.) */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function call(method, path, body, options = {}) {
  const { ifMatch, key, signal } = options;
  const headers = { ...(ifMatch && { 'If-Match': ifMatch }), ...(key && { 'Idempotency-Key': key }) };
  return authenticated(() => send(method, path, body, { headers, signal }), options);
}

function upload(path, file, { type, onProgress, signal } = {}) {
  return authenticated(() => sendFile(path, file, { type, onProgress, signal }), {});
}

async function open(path, { signal } = {}) {
  const ask = async () => {
    const response = await fetched(path, { headers: { Accept: '*/*' }, signal });
    return response.ok ? { status: response.status, response } : read(response.status, await response.text(), response.headers);
  };
  return (await authenticated(ask, {})).response;
}

async function raw(method, path, { headers, body, signal } = {}) {
  const ask = async () => {
    const all = { Accept: '*/*', ...(method !== 'GET' && csrfHeader()), ...headers };
    const response = await fetched(path, { method, headers: all, body, signal });
    return response.status === 401 ? read(401, await response.text(), response.headers) : { status: response.status, response };
  };
  return (await authenticated(ask, {})).response;
}

/** Asks; on a 401 refreshes once and asks again; then waits for a sign-in and asks again. */
async function authenticated(ask, { signedIn = true, waits = true }) {
  const sentIn = generation;
  let answer = await ask();
  if (signedIn && isSignedOut(answer)) {
    if (await refreshed(sentIn)) answer = await ask();
    if (waits && isSignedOut(answer) && (await onDemand.signIn())) answer = await ask();
  }
  return unwrap(answer);
}

/** A wrong password is a 401 too, but no refresh makes it right, and each try counts. */
function isSignedOut({ status, error }) {
  return status === 401 && error.code !== 'INVALID_CREDENTIALS';
}

// Requests that fail together share one refresh; one that was sent before the last refresh, and
// comes back after it, only needs to be repeated.
let generation = 0;
let refreshing = null;

async function refreshed(sentIn) {
  if (sentIn !== generation) return true;
  refreshing ??= refresh().finally(() => {
    refreshing = null;
  });
  return refreshing;
}

async function refresh() {
  const answer = await send('POST', REFRESH);
  if (answer.status === 401 || answer.status === 403) return false;
  unwrap(answer);
  generation += 1;
  return true;
}

function unwrap({ error, ...answer }) {
  if (!error) return answer;
  const fault = new Fault({ status: answer.status, ...error });
  // Named by its message alone, because it shares the code with every other refusal.
  if (fault.status === 403 && fault.message === 'Password change required') onDemand.passwordChange();
  throw fault;
}

async function send(method, path, body, { headers, signal } = {}) {
  const isJson = body !== undefined && { 'Content-Type': 'application/json' };
  const response = await fetched(path, {
    method,
    headers: { Accept: 'application/json', ...isJson, ...(method !== 'GET' && csrfHeader()), ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.any([AbortSignal.timeout(DEADLINE_MS), ...(signal ? [signal] : [])]),
  });
  const text = await response.text().catch(lost);
  return read(response.status, text, response.headers);
}

async function fetched(path, options) {
  const response = await fetch(base + path, { ...options, credentials: 'same-origin', cache: 'no-store' }).catch(lost);
  reached();
  return response;
}

function lost(cause) {
  // Who ended a request knows.
  if (cause.name === 'AbortError') throw cause;
  unreachable();
  throw new Fault({});
}

/** By XMLHttpRequest, since `fetch` does not tell how far it has come. */
function sendFile(path, file, { type, onProgress, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', base + path);
    for (const [name, value] of Object.entries({ 'Content-Type': type, Accept: 'application/json', ...csrfHeader() }))
      request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(loaded, total);
    request.onload = () => {
      reached();
      const headers = { get: (name) => request.getResponseHeader(name) };
      resolve(read(request.status, request.responseText, headers));
    };
    request.onerror = () => {
      unreachable();
      reject(new Fault({}));
    };
    request.onabort = () => reject(new DOMException('', 'AbortError'));
    signal?.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

function csrfTokens() {
  return Array.from(document.cookie.matchAll(CSRF_COOKIES), ([, value]) => value);
}

// The cookie counts, since another tab may have signed in anew. Cookies know no ports, so a second
// instance on this host may have put its own beside ours: then the last answer says which it is.
let lastCsrfToken = '';

function csrfHeader() {
  const tokens = csrfTokens();
  const token = tokens.includes(lastCsrfToken) ? lastCsrfToken : tokens[0];
  return token ? { 'X-CSRF-Token': token } : {};
}

/** Reads the envelope. A body without one comes from a proxy, whose words are not for our users. */
function read(status, text, headers) {
  const envelope = parse(text);
  if (status >= 200 && status < 300 && (status === 204 || envelope?.success)) {
    lastCsrfToken = envelope?.meta?.csrfToken ?? lastCsrfToken;
    return { status, data: envelope?.data ?? null, meta: envelope?.meta ?? {}, etag: headers.get('ETag') };
  }
  const requestId = envelope?.meta?.requestId ?? headers.get('X-Request-Id') ?? '';
  const retryAfter = Number.parseInt(headers.get('Retry-After'), 10);
  const error = {
    ...(envelope?.error ?? { code: 'UNREADABLE' }),
    requestId,
    retryAfter: Number.isNaN(retryAfter) ? null : retryAfter,
  };
  return { status, error };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
