import { html, useRef, useState } from '../view.js';
import { words } from '../words/index.js';
import { announce } from './announce.js';
import { Button } from './button.js';
import { copyText } from './copy.js';

/** Lines for a terminal or a program, with a button that copies them. */
export function Command({ text, label = words.lines }) {
  const lines = useRef(null);
  const [done, setDone] = useState('');
  const copy = async () => {
    const isCopied = await copyText(text);
    if (!isCopied) getSelection().selectAllChildren(lines.current);
    const said = isCopied ? words.copied : words.copyByHand;
    setDone(said);
    announce(said);
  };
  return html`
    <div class="command">
      <pre ref=${lines} tabindex="0" role="region" aria-label=${label}><code>${text}</code></pre>
      <${Button} icon=${done ? 'check' : 'copy'} onClick=${copy}>${done || words.copy}<//>
    </div>
  `;
}
