// The client of Stead's public API: one request at a time in, data or a Fault out.
import { base } from './base.js';

const DEADLINE_MS = 30_000;
// A setting can put a prefix before the cookie's name.
const CSRF_COOKIES = /(?<=^|; )[^=;]*csrf_token=([^;]*)/g;
const ME = '/api/auth/me';
const SETUP = '/api/auth/setup';
const LOGIN = '/api/auth/login';
const REFRESH = '/api/auth/refresh';
const LOGOUT = '/api/auth/logout';
const PASSWORD = '/api/auth/password';
const COLLECTIONS = '/api/system/collections';

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

export const api = {
  /** A guest's answer is a Fault here: the first question of a page must not wait for a sign-in. */
  me: () => call('GET', ME, undefined, { waits: false }),
  setup: (body) => call('POST', SETUP, body, { signedIn: false }),
  login: (body) => call('POST', LOGIN, body, { signedIn: false }),
  logout: () => call('POST', LOGOUT, undefined, { waits: false }),
  changePassword: (body) => call('POST', PASSWORD, body),
  collections: (page) => call('GET', `${COLLECTIONS}?page=${page}&pageSize=100`),
};

/** True where a session may exist: its readable cookie lives as long as its refresh token. */
export function mayBeSignedIn() {
  return csrfTokens().length > 0;
}

async function call(method, path, body, { signedIn = true, waits = true } = {}) {
  const ask = () => send(method, path, body);
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

function unwrap({ status, data, meta, error }) {
  if (!error) return { data, meta };
  const fault = new Fault({ status, ...error });
  // Named by its message alone, because it shares the code with every other refusal.
  if (status === 403 && fault.message === 'Password change required') onDemand.passwordChange();
  throw fault;
}

async function send(method, path, body) {
  const headers = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'GET') Object.assign(headers, csrfHeader());
  let response;
  let text;
  try {
    response = await fetch(base + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    text = await response.text();
  } catch {
    throw new Fault({});
  }
  return read(response, text);
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
function read(response, text) {
  const envelope = parse(text);
  const { status } = response;
  if (response.ok && (status === 204 || envelope?.success)) {
    lastCsrfToken = envelope?.meta?.csrfToken ?? lastCsrfToken;
    return { status, data: envelope?.data ?? null, meta: envelope?.meta ?? {} };
  }
  const requestId = envelope?.meta?.requestId ?? response.headers.get('X-Request-Id') ?? '';
  const retryAfter = Number.parseInt(response.headers.get('Retry-After'), 10);
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
