import { Button, IconButton } from '../components/button.js';
import { announce } from '../components/announce.js';
import { useDefinition } from '../definitions.js';
import { shortId } from '../names.js';
import { html, useRef, useState } from '../view.js';
import { words } from '../words/index.js';
import { recordHref } from './links.js';
import { RecordSearch } from './relation-picker.js';
import { useTitles } from './titles.js';

// A list may hold 1,000.
const SHOWN = 25;

/** Records of another collection, in an order of their own. */
export function RelationsPicker({ field, tied, typed, onType, make }) {
  const definition = useDefinition(field.collection);
  const [isWhole, showAll] = useState(false);
  const list = useRef(null);
  const ids = typed ?? [];
  const shown = isWhole ? ids : ids.slice(0, SHOWN);
  const titles = useTitles(definition, shown);
  const { picker } = words;
  const called = (id) => titles(id) ?? shortId(id);
  const move = (at, by) => {
    const next = ids.toSpliced(at, 1).toSpliced(at + by, 0, ids[at]);
    onType(next);
    announce(picker.moved(called(ids[at]), at + by + 1, ids.length));
  };
  const drop = (at) => {
    onType(ids.toSpliced(at, 1));
    announce(picker.removed(called(ids[at])));
    // Its button goes, so the focus goes to where the next one can be chosen.
    list.current.querySelector('[role=combobox]').focus();
  };
  return html`
    <div class="picked" ref=${list}>
      ${ids.length > 0 &&
      html`<ol class="picked-list">
        ${shown.map(
          (id, at) => html`
            <li key=${id}>
              <a href=${recordHref(field.collection, id)}>${called(id)}</a><code class="picker-id">${titles(id) ? shortId(id) : ''}</code>
              <${IconButton} icon="arrow-up" label=${picker.up(called(id))} disabled=${at === 0} onClick=${() => move(at, -1)} />
              <${IconButton} icon="arrow-down" label=${picker.down(called(id))} disabled=${at === ids.length - 1} onClick=${() => move(at, 1)} />
              <${IconButton} icon="x" label=${picker.remove(called(id))} onClick=${() => drop(at)} />
            </li>
          `,
        )}
      </ol>`}
      ${shown.length < ids.length && html`<${Button} kind="quiet" onClick=${() => showAll(true)}>${picker.showAll(ids.length)}<//>`}
      <${RecordSearch} definition=${definition} tied=${tied} name=${field.key} without=${ids} make=${make} onChoose=${({ id }) => onType([...ids, id])} />
    </div>
  `;
}
