// Boots the page and decides which screen stands.
import { FaultNotice } from './components/fault-notice.js';
import { Gate } from './components/gate.js';
import { Heading } from './components/heading.js';
import { PlainHttpBanner } from './components/plain-http-banner.js';
import { Spinner } from './components/spinner.js';
import { Current } from './frame/current.js';
import { Workspace } from './frame/workspace.js';
import { ChangePassword } from './screens/gates/change-password.js';
import { Setup } from './screens/gates/setup.js';
import { SignIn } from './screens/gates/sign-in.js';
import { openSetupLink, start, useSession } from './session.js';
import './theme.js';
import { html, render } from './view.js';
import { words } from './words/index.js';

/** The screens before the work begins, by the session's phase. */
const GATES = {
  starting: Starting,
  failed: Failed,
  setup: Setup,
  guest: SignIn,
  locked: SignIn,
  password: ChangePassword,
};

function App() {
  const session = useSession();
  const { phase, user } = session;
  const Screen = GATES[phase];
  // Work that was going on when the session ended stays as it was, out of sight. It stands
  // first, so that its windows are set aside when the gate takes the focus.
  const isWorking = phase === 'ready' || phase === 'locked';
  return html`
    <${PlainHttpBanner} />
    ${isWorking && html`<${Workspace} key=${user.id} hidden=${phase === 'locked'}><${Current} /><//>`}
    ${Screen && html`<${Gate}><${Screen} session=${session} /><//>`}
  `;
}

function Starting() {
  return html`<p class="starting"><${Spinner} /> <span class="late">${words.loading}</span></p>`;
}

function Failed({ session }) {
  return html`
    <${Heading} title=${words.startingFailed} />
    <${FaultNotice} fault=${session.fault} onRetry=${start} />
  `;
}

// A setup link pasted into an open page only changes the fragment.
addEventListener('hashchange', openSetupLink);
render(html`<${App} />`, document.getElementById('app'));
start();
