import { signOut } from '../session.js';
import { html, useState } from '../view.js';
import { words } from '../words/index.js';
import { Button } from './button.js';
import { sayFault } from './toasts.js';

/** Leaves. */
export function SignOut({ kind = 'plain' }) {
  const [isBusy, setBusy] = useState(false);
  const leave = async () => {
    setBusy(true);
    try {
      await signOut();
    } catch (fault) {
      setBusy(false);
      sayFault(fault);
    }
  };
  return html`<${Button} kind=${kind} icon="log-out" busy=${isBusy && words.signOut.busy} onClick=${leave}>${words.signOut.action}<//>`;
}
