import { signOut } from '../session.js';
import { html, useEffect, useRef, useState } from '../view.js';
import { words } from '../words.js';
import { Button } from './button.js';
import { FaultNotice } from './fault-notice.js';
import { Icon } from './icon.js';

/**
 * The frame around the work of a signed-in user. While `hidden` (the session has ended) all within
 * stays as it is; shown again, the focus goes back to where it was.
 */
export function Workspace({ user, hidden, children }) {
  const content = useRef(null);
  const place = useRef(null);
  useEffect(() => {
    if (!hidden && place.current?.isConnected) place.current.focus();
  }, [hidden]);
  const remember = (event) => {
    place.current = event.target;
  };
  const skip = (event) => {
    event.preventDefault();
    content.current.focus();
  };
  return html`
    <div class="workspace" hidden=${hidden} onFocusIn=${remember}>
      <a class="skip" href="#content" onClick=${skip}>${words.skip}</a>
      <${TopBar} user=${user} />
      <main class="content" id="content" ref=${content} tabindex="-1">${children}</main>
    </div>
  `;
}

function TopBar({ user }) {
  const [state, setState] = useState({ busy: '', fault: null });
  const leave = async () => {
    setState((was) => ({ ...was, busy: words.signOut.busy }));
    try {
      await signOut();
    } catch (fault) {
      setState({ busy: '', fault });
    }
  };
  return html`
    <header class="top-bar">
      <div class="brand"><${Icon} name="house" /> ${words.product}</div>
      <p class="who" title=${user.email}>${user.displayName || user.email}</p>
      <${Button} busy=${state.busy} onClick=${leave}>${words.signOut.action}<//>
    </header>
    ${state.fault &&
    html`<div class="content"><${FaultNotice} fault=${state.fault} onRetry=${leave} busy=${state.busy} /></div>`}
  `;
}
