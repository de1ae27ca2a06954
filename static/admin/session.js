// Who is signed in, and so which screen stands: one state, changed only by the functions here.
import { api, mayBeSignedIn, onDemand } from './api.js';
import { takeSetupToken } from './setup-link.js';
import { useEffect, useState } from './view.js';
import { words } from './words.js';

/**
 * `phase` is one of
 * - `starting`: asking who is signed in; `failed`: that question had no answer (`fault`)
 * - `setup`: a setup link was opened (`token`)
 * - `guest`: nobody is signed in; `notice` and `email` are for the form
 * - `locked`: the session of `user` ended during work, which is kept behind the sign-in form
 * - `password`: `user` has to choose a new password first
 * - `ready`: `user` is at work
 */
let state = { phase: 'starting' };
const watchers = new Set();
let waiting = [];

function enter(next) {
  state = next;
  for (const watch of watchers) watch(state);
}

export function useSession() {
  const [seen, see] = useState(state);
  useEffect(() => {
    watchers.add(see);
    see(state);
    return () => watchers.delete(see);
  }, []);
  return seen;
}

/** Looks at the address and at the session, once per page, and again where that had no answer. */
export async function start() {
  if (openSetupLink()) return;
  if (!mayBeSignedIn()) {
    enter({ phase: 'guest' });
    return;
  }
  enter({ phase: 'starting' });
  try {
    welcome((await api.me()).data);
  } catch (fault) {
    enter(fault.status === 401 ? { phase: 'guest' } : { phase: 'failed', fault });
  }
}

/** Takes the token out of the address. True if there was one. */
export function openSetupLink() {
  const token = takeSetupToken();
  if (token) enter({ phase: 'setup', token });
  return Boolean(token);
}

/** Makes the first account and signs in with it. */
export async function setUp({ email, password, displayName }) {
  try {
    await api.setup({ token: state.token, email, password, displayName });
  } catch (fault) {
    if (fault.status !== 404) throw fault;
    enter({ phase: 'guest', notice: { kind: 'info', text: words.setup.alreadyDone }, email });
    return;
  }
  try {
    await signIn({ email, password });
  } catch {
    enter({ phase: 'guest', notice: { kind: 'success', text: words.setup.doneButGuest }, email });
  }
}

export async function signIn({ email, password }) {
  const { data } = await api.login({ email, password });
  const before = state.user;
  welcome(data.user);
  const same = state.phase === 'ready' && before?.id === data.user.id;
  for (const proceed of waiting) proceed(same);
  waiting = [];
}

export async function signOut() {
  try {
    await api.logout();
  } catch (fault) {
    if (fault.status !== 401) throw fault;
  }
  enter({ phase: 'guest', notice: { kind: 'success', text: words.signIn.signedOut } });
}

export async function changePassword(body) {
  await api.changePassword(body);
  const { user } = state;
  enter({ phase: 'ready', user: { ...user, mustChangePassword: false } });
}

function welcome(user) {
  enter({ phase: user.mustChangePassword ? 'password' : 'ready', user });
}

onDemand.signIn = () => {
  const { phase, user } = state;
  const ended = { email: user?.email, notice: { kind: 'info', text: words.signIn.ended } };
  if (phase === 'password') enter({ phase: 'guest', ...ended });
  if (phase === 'ready') enter({ phase: 'locked', user, ...ended });
  if (state.phase !== 'locked') return Promise.resolve(false);
  return new Promise((proceed) => {
    waiting.push(proceed);
  });
};

onDemand.passwordChange = () => {
  if (state.phase === 'ready') enter({ phase: 'password', user: state.user });
};
