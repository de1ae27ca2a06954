import { LinkButton } from '../components/button.js';
import { Empty } from '../components/empty.js';
import { Loaded } from '../components/loaded.js';
import { Page } from '../components/page.js';
import { Skeleton } from '../components/skeleton.js';
import { useLoad } from '../load.js';
import { match, to, useAddress } from '../router.js';
import { screens } from '../screens/index.js';
import { html, useEffect, useState } from '../view.js';
import { words } from '../words/index.js';

/** The components of the screens that were loaded, by their patterns. */
const known = new Map();

/** The screen that the address names. */
export function Current() {
  const { path } = useAddress();
  useEffect(loadOthers, []);
  for (const screen of screens) {
    const names = match(screen.pattern, path);
    if (names) return html`<${Screen} key=${screen.pattern} screen=${screen} names=${names} />`;
  }
  return html`<${Unknown} path=${path} />`;
}

/** A screen, whose script is loaded when it is first opened. */
function Screen({ screen, names }) {
  const [Ready, setReady] = useState(() => known.get(screen.pattern));
  if (Ready) return html`<${Ready} ...${names} />`;
  return html`<${Coming} screen=${screen} onReady=${() => setReady(() => known.get(screen.pattern))} />`;
}

function Coming({ screen, onReady }) {
  const load = useLoad(() => component(screen).then(onReady), [screen]);
  return html`<${Loaded} load=${load} skeleton=${html`<${Skeleton} rows=${6} />`}>${() => null}<//>`;
}

async function component({ pattern, load }) {
  known.set(pattern, await load());
}

/** Loads all other screens once there is nothing else to do, so that they are there without a network, too. */
function loadOthers() {
  const later = window.requestIdleCallback ?? setTimeout;
  later(async () => {
    for (const screen of screens) {
      // What cannot be had now is asked for again when it is opened.
      if (!known.has(screen.pattern)) await component(screen).catch(() => null);
    }
  });
}

function Unknown({ path }) {
  const { title, lead, action } = words.unknownScreen;
  return html`
    <${Page} title=${title}>
      <${Empty} icon="circle-question-mark" title=${path} lead=${lead}><${LinkButton} kind="primary" href=${to('/')}>${action}<//><//>
    <//>
  `;
}
