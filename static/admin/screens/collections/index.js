import { words } from '../../words/index.js';
import { html } from '../../view.js';
import { Editor } from './editor.js';
import { Collections } from './list.js';
import { NewCollection } from './new.js';
import { Picture } from './picture.js';

/** The collections of this instance: the list, the picture of them, and the editor of each. */
export const collections = {
  pattern: '/collections/:name?/:tab?',
  Screen,
  nav: { path: '/collections', icon: 'database', label: words.nav.collections },
  shortcut: 'c',
};

function Screen({ name, tab }) {
  if (!name) return html`<${Collections} />`;
  if (!tab && name === 'new') return html`<${NewCollection} />`;
  if (!tab && name === 'picture') return html`<${Picture} />`;
  return html`<${Editor} key=${name} name=${name} tab=${tab ?? 'fields'} />`;
}
