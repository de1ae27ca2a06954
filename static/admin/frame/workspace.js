import { Asking } from '../components/ask.js';
import { IconButton } from '../components/button.js';
import { Dialog, PageToasts, hideWindows } from '../components/dialog.js';
import { OfflineBanner } from '../components/offline-banner.js';
import { useAddress } from '../router.js';
import { html, useEffect, useRef, useState } from '../view.js';
import { words } from '../words/index.js';
import { Brand } from './brand.js';
import { Navigation } from './navigation.js';
import { Shortcuts } from './shortcuts.js';

/**
 * The frame around the work of a signed-in user: the ways to all screens at the left (on a phone in
 * a drawer), the screen beside it. While `hidden` (the session has ended) all within stays as it
 * is; shown again, the focus goes back to where it was.
 */
export function Workspace({ hidden, children }) {
  const content = useRef(null);
  const place = useRef(null);
  useEffect(() => {
    // A window that is brought back takes the focus.
    const before = place.current;
    hideWindows(hidden);
    if (!hidden && before?.isConnected) before.focus();
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
      <header class="sidebar"><${Brand} /><${Navigation} /></header>
      <div class="workspace-main">
        <${TopBar} />
        <${OfflineBanner} />
        <main class="content" id="content" ref=${content} tabindex="-1">${children}</main>
      </div>
      ${!hidden && html`<${Shortcuts} /><${Asking} /><${PageToasts} />`}
    </div>
  `;
}

/** What a phone shows in place of the sidebar. */
function TopBar() {
  const [isOpen, setOpen] = useState(false);
  const { path } = useAddress();
  useEffect(() => setOpen(false), [path]);
  const close = () => setOpen(false);
  return html`
    <header class="top-bar">
      <${IconButton} icon="menu" label=${words.nav.open} aria-expanded=${String(isOpen)} onClick=${() => setOpen(true)} />
      <${Brand} />
      ${isOpen && html`<${Dialog} shape="drawer" title=${words.product} onClose=${close}><${Navigation} onLeave=${close} /><//>`}
    </header>
  `;
}
