import { html, useEffect, useRef } from '../view.js';
import { words } from '../words/index.js';

/**
 * The heading of a screen. It names the page, and takes the focus, so that keyboard and screen
 * reader start at the new screen. When it goes, the title before it comes back.
 */
export function Heading({ title }) {
  const heading = useRef(null);
  // Before anybody can do anything: a focus that comes later would be taken from where it is.
  useEffect(() => {
    const before = document.title;
    document.title = words.title(title);
    // A window over the screen has the focus for itself, and who types goes on typing.
    const isElsewhere = document.querySelector('dialog[open]') || document.activeElement.matches('input, textarea, select');
    if (!isElsewhere) heading.current.focus();
    return () => {
      document.title = before;
    };
  }, [title]);
  return html`<h1 ref=${heading} tabindex="-1">${title}</h1>`;
}

/** Puts a focus that went away with its button back to the start of the screen. */
export function rescueFocus() {
  if (document.activeElement === document.body) document.querySelector('main h1')?.focus();
}
