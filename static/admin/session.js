// Who is signed in, and so which screen stands: one state, changed only by the functions here.
import { api, mayBeSignedIn, onDemand } from './api.js';
import { forgetDefinitions } from './definitions.js';
import { allows } from './rights.js';
import { takeSetupToken } from './setup-link.js';
import { store } from './store.js';
import { words } from './words/index.js';

const ME = '/api/auth/me';
const WATCH_EVERY_MS = 60_000;

/**
 * `phase` is one of
 * - `starting`: asking who is signed in; `failed`: that question had no answer (`fault`)
 * - `setup`: a setup link was opened (`token`)
 * - `guest`: nobody is signed in; `notice` and `email` are for the form
 * - `locked`: the session of `user` ended during work, which is kept behind the sign-in form
 * - `password`: `user` has to choose a new password first
 * - `ready`: `user` is at work
 */
const session = store({ phase: 'starting' });
let waiting = [];

export const useSession = session.use;

/** The user at work. Only for components of the workspace: elsewhere there may be none. */
export function useUser() {
  return session.use().user;
}

/** A function that tells whether the user at work holds a permission. */
export function useAllows() {
  const user = useUser();
  return (wanted) => allows(user?.permissions ?? [], wanted);
}

/** Looks at the address and at the session, once per page, and again where that had no answer. */
export async function start() {
  if (openSetupLink()) return;
  if (!mayBeSignedIn()) {
    session.set({ phase: 'guest' });
    return;
  }
  session.set({ phase: 'starting' });
  try {
    // A guest's answer is a Fault here: the first question of a page must not wait for a sign-in.
    welcome((await api.get(ME, {}, { waits: false })).data);
  } catch (fault) {
    session.set(fault.status === 401 ? { phase: 'guest' } : { phase: 'failed', fault });
  }
}

/** Takes the token out of the address. True if there was one. */
export function openSetupLink() {
  const token = takeSetupToken();
  if (token) session.set({ phase: 'setup', token });
  return Boolean(token);
}

/** Makes the first account and signs in with it. */
export async function setUp({ email, password, displayName }) {
  const { token } = session.get();
  try {
    await api.post('/api/auth/setup', { token, email, password, displayName }, { signedIn: false });
  } catch (fault) {
    if (fault.status !== 404) throw fault;
    session.set({ phase: 'guest', notice: { kind: 'info', text: words.setup.alreadyDone }, email });
    return;
  }
  try {
    await signIn({ email, password });
  } catch {
    session.set({ phase: 'guest', notice: { kind: 'success', text: words.setup.doneButGuest }, email });
  }
}

export async function signIn({ email, password }) {
  const { data } = await api.post('/api/auth/login', { email, password }, { signedIn: false });
  const before = session.get().user;
  const isSame = before?.id === data.user.id;
  if (!isSame) forgetDefinitions();
  welcome(data.user);
  for (const proceed of waiting) proceed(isSame && session.get().phase === 'ready');
  waiting = [];
}

export async function signOut() {
  try {
    await api.post('/api/auth/logout', undefined, { waits: false });
  } catch (fault) {
    if (fault.status !== 401) throw fault;
  }
  forgetDefinitions();
  session.set({ phase: 'guest', notice: { kind: 'success', text: words.signIn.signedOut } });
}

export async function changePassword(body) {
  await api.post('/api/auth/password', body);
  const { user } = session.get();
  session.set({ phase: 'ready', user: { ...user, mustChangePassword: false } });
}

/** The account of the user at work has changed: this is what it is now. */
export function setUser(user) {
  session.set((was) => ({ ...was, user }));
}

function welcome(user) {
  session.set({ phase: user.mustChangePassword ? 'password' : 'ready', user });
}

onDemand.signIn = () => {
  const { phase, user } = session.get();
  const ended = { email: user?.email, notice: { kind: 'info', text: words.signIn.ended } };
  if (phase === 'password') session.set({ phase: 'guest', ...ended });
  if (phase === 'ready') session.set({ phase: 'locked', user, ...ended });
  if (session.get().phase !== 'locked') return Promise.resolve(false);
  return new Promise((proceed) => {
    waiting.push(proceed);
  });
};

onDemand.passwordChange = () => {
  const { phase, user } = session.get();
  if (phase === 'ready') session.set({ phase: 'password', user });
};

/** Asks whether the session still stands, so that a page that nobody touches leaves, too. */
async function watch() {
  if (session.get().phase !== 'ready' || document.visibilityState !== 'visible') return;
  // What went wrong is no matter of the screen; the next request of the user's will tell.
  const answer = await api.get(ME).catch(() => null);
  if (answer && session.get().phase === 'ready') setUser(answer.data);
}

setInterval(watch, WATCH_EVERY_MS);
addEventListener('focus', watch);
document.addEventListener('visibilitychange', watch);
