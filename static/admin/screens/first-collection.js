import { base } from '../base.js';
import { Button } from '../components/button.js';
import { Command } from '../components/command.js';
import { html } from '../view.js';
import { words } from '../words.js';

const EXAMPLE = { name: 'notes', fields: [{ name: 'title', type: 'text', required: true }] };

/** What an instance without collections shows: the way to the first one. */
export function FirstCollection({ user, isBusy, reload }) {
  const { empty, emptyLead, emptyThen, busy, reload: label } = words.collections;
  return html`
    <section class="panel">
      <h2>${empty}</h2>
      <p>${emptyLead}</p>
      <${Command} text=${lines(user)} />
      <p>${emptyThen}</p>
      <${Button} busy=${isBusy && busy} onClick=${reload}>${label}<//>
    </section>
  `;
}

function lines({ email }) {
  const login = { email, password: words.collections.yourPassword, delivery: 'body' };
  return [
    `TOKEN=$(curl -s ${base}/api/auth/login \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d ${quoted(login)} \\`,
    `  | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')`,
    `curl ${base}/api/system/collections \\`,
    `  -H "Authorization: Bearer $TOKEN" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d ${quoted(EXAMPLE)}`,
  ].join('\n');
}

/** JSON as one word of a shell. */
function quoted(value) {
  return `'${JSON.stringify(value).replaceAll("'", "'\\''")}'`;
}
