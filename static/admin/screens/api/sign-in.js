import { base } from '../../base.js';
import { recordsPath } from '../../names.js';
import { useUser } from '../../session.js';
import { signIn } from '../../shell.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { Languages } from './code.js';

/** How a program outside of this page shows who it is: by a token, or by the cookies of a browser. */
export function SignIn({ definition }) {
  const { email } = useUser();
  const { signIn: texts } = words.api.of;
  const path = recordsPath(definition.name);
  return html`
    <h2>${texts.title}</h2>
    <p class="lead">${texts.lead}</p>
    <h3>${texts.byToken}</h3>
    <p>${texts.byTokenLead}</p>
    <${Languages} label=${texts.byToken} texts=${{ curl: signIn(base, email), javascript: byToken(email) }} />
    <h3>${texts.byCookie}</h3>
    <p>${texts.byCookieLead}</p>
    <${Languages} label=${texts.byCookie} texts=${{ javascript: byCookie(email, path) }} />
    <h3>${texts.later}</h3>
    <p>${texts.laterLead}</p>
    <${Languages} label=${texts.later} texts=${{ javascript: REFRESH }} />
  `;
}

function byToken(email) {
  return `const signedIn = await fetch('${base}/api/auth/login', {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ email: ${JSON.stringify(email)}, password: ${placeholder()}, delivery: 'body' }),
});
const { data } = await signedIn.json();
const token = data.accessToken;`;
}

function byCookie(email, path) {
  return `const signedIn = await fetch('${base}/api/auth/login', {
  method: 'POST',
  credentials: 'include',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ email: ${JSON.stringify(email)}, password: ${placeholder()} }),
});
const { meta } = await signedIn.json();

// Reading needs nothing else.
const list = await fetch('${base}${path}', { credentials: 'include' });
console.log(list.status, await list.json());

// What is no GET repeats the value of the cookie csrf_token.
const left = await fetch('${base}/api/auth/logout', {
  method: 'POST',
  credentials: 'include',
  headers: { 'X-CSRF-Token': meta.csrfToken },
});
console.log(left.status);`;
}

const REFRESH = `const refreshed = await fetch('${base}/api/auth/refresh', {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ refreshToken: data.refreshToken }),
});
const next = (await refreshed.json()).data;
console.log(next.accessToken, next.refreshToken, next.expiresIn);`;

const placeholder = () => JSON.stringify(words.api.yourPassword);
