import { Asking } from '../components/ask.js';
import { IconButton } from '../components/button.js';
import { Dialog, PageToasts } from '../components/dialog.js';
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
  useSetAside(hidden, content, place);
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

/**
 * Nothing beside an open window can be reached, not even the sign-in form: so those of a workspace
 * that is hidden are closed, and opened again with it.
 */
function useSetAside(hidden, content, place) {
  useEffect(() => {
    if (!hidden) return undefined;
    const windows = Array.from(content.current.closest('.workspace').querySelectorAll('dialog[open]'));
    const before = place.current;
    for (const one of windows) one.close();
    return () => {
      for (const one of windows.filter(({ isConnected }) => isConnected)) one.showModal();
      place.current = before;
    };
  }, [hidden]);
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
