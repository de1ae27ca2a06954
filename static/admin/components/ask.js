import { store } from '../store.js';
import { html, useRef, useState } from '../view.js';
import { words } from '../words/index.js';
import { Button } from './button.js';
import { Dialog } from './dialog.js';
import { FaultNotice } from './fault-notice.js';

const asked = store(null);

/**
 * Asks before what cannot be undone. `lead` says what is lost; `action` is the word on the button,
 * `busy` the one while `act()` runs. Resolves to true once that has succeeded, to false if the user
 * thinks better of it.
 */
export function ask({ title, lead, action, busy, act }) {
  return new Promise((resolve) => {
    asked.set({ title, lead, action, busy, act, resolve });
  });
}

/** Where questions appear: once on the page. */
export function Asking() {
  const question = asked.use();
  return question && html`<${Question} key=${question} ...${question} />`;
}

function Question({ title, lead, action, busy, act, resolve }) {
  const [state, setState] = useState({ isBusy: false, fault: null });
  const end = (outcome) => {
    asked.set(null);
    resolve(outcome);
  };
  const isUnderWay = useRef(false);
  const go = async () => {
    // Two clicks may come before the button is drawn as busy.
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    setState({ isBusy: true, fault: null });
    try {
      await act();
      end(true);
    } catch (fault) {
      isUnderWay.current = false;
      setState({ isBusy: false, fault });
    }
  };
  const footer = html`
    <${Button} kind="danger" busy=${state.isBusy && busy} onClick=${go}>${action}<//>
    <${Button} onClick=${() => end(false)}>${words.cancel}<//>
  `;
  return html`
    <${Dialog} title=${title} onClose=${() => end(false)} footer=${footer}>
      ${typeof lead === 'string' ? html`<p>${lead}</p>` : lead}
      ${state.fault && html`<${FaultNotice} fault=${state.fault} />`}
    <//>
  `;
}
