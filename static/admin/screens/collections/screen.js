import { html } from '../../view.js';
import { Editor } from './editor.js';
import { CollectionList } from './list.js';
import { NewCollection } from './new.js';
import { Picture } from './picture.js';

/** The list of collections, the picture of them, a new one, or the editor of one. */
export function Collections({ name, tab }) {
  if (!name) return html`<${CollectionList} />`;
  if (!tab && name === 'new') return html`<${NewCollection} />`;
  if (!tab && name === 'picture') return html`<${Picture} />`;
  return html`<${Editor} key=${name} name=${name} tab=${tab ?? 'fields'} />`;
}
