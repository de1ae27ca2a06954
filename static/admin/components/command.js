import { html, useRef, useState } from '../view.js';
import { words } from '../words.js';
import { announce } from './announce.js';
import { Button } from './button.js';

/** Lines for a terminal, with a button that copies them. */
export function Command({ text }) {
  const lines = useRef(null);
  const [label, setLabel] = useState(words.copy);
  const copy = async () => {
    const done = await copied(text, lines.current);
    setLabel(done);
    announce(done);
  };
  return html`
    <div class="command">
      <pre ref=${lines}><code>${text}</code></pre>
      <${Button} onClick=${copy}>${label}<//>
    </div>
  `;
}

/** Over plain HTTP the browser gives no clipboard: then the lines are selected instead. */
async function copied(text, element) {
  try {
    await navigator.clipboard.writeText(text);
    return words.copied;
  } catch {
    getSelection().selectAllChildren(element);
    return words.copyByHand;
  }
}
