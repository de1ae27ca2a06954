import { Dialog } from '../components/dialog.js';
import { isTyped } from '../keyboard.js';
import { go } from '../router.js';
import { screens } from '../screens/index.js';
import { html, useEffect, useState } from '../view.js';
import { words } from '../words/index.js';

// How long the second key of two may take.
const PAIR_MS = 1_500;

/**
 * Keys that work everywhere: `?` lists them all, `/` goes to the search of the screen, `g` and a
 * letter to a screen (`shortcut` of its entry in the registry). Keys typed into an input are text.
 */
export function Shortcuts() {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    let since = 0;
    const press = (event) => {
      if (isTyped(event)) return;
      const isSecond = event.timeStamp - since < PAIR_MS;
      since = event.key === 'g' ? event.timeStamp : 0;
      if (isSecond && goTo(event.key)) event.preventDefault();
      else if (event.key === '?') setOpen(true);
      else if (event.key === '/' && focusSearch()) event.preventDefault();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
  return isOpen && html`<${List} onClose=${() => setOpen(false)} />`;
}

function List({ onClose }) {
  const { title, keys } = words.shortcuts;
  const ways = screens.filter(({ shortcut }) => shortcut).map(({ shortcut, nav }) => [`g ${shortcut}`, nav.label]);
  return html`
    <${Dialog} title=${title} onClose=${onClose}>
      <dl class="keys">
        ${[...keys, ...ways].map(
          ([pressed, meaning]) => html`<div><dt>${pressed.split(' ').map((key) => html`<kbd>${key}</kbd> `)}</dt><dd>${meaning}</dd></div>`,
        )}
      </dl>
    <//>
  `;
}

function goTo(key) {
  const screen = screens.find(({ shortcut }) => shortcut === key);
  if (screen) go(screen.nav.path);
  return Boolean(screen);
}

function focusSearch() {
  const search = document.querySelector('main [type=search]');
  search?.focus();
  return Boolean(search);
}
