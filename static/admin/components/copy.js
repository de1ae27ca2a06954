import { shortId } from '../names.js';
import { html, useRef } from '../view.js';
import { words } from '../words/index.js';
import { Icon } from './icon.js';
import { say } from './toasts.js';

/** Puts `text` on the clipboard. Over plain HTTP browsers give none: then false. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** A text that a click copies; `shown` is what stands there for it, and so what it is called by. */
export function Copy({ text, shown = text, label = words.copyThis(shown) }) {
  const element = useRef(null);
  const copy = async (event) => {
    // It may stand in a row that opens on a click.
    event.stopPropagation();
    if (await copyText(text)) say(words.copied);
    else getSelection().selectAllChildren(element.current);
  };
  return html`
    <button class="copy" type="button" title=${words.copyThis(text)} aria-label=${label} onClick=${copy}>
      <code ref=${element}>${shown}</code><${Icon} name="copy" />
    </button>
  `;
}

/** An id by its last characters, which are those that differ; a click copies the whole. */
export function Id({ id }) {
  return html`<${Copy} text=${id} shown=${shortId(id)} />`;
}
