import { announce } from '../../components/announce.js';
import { Button, IconButton } from '../../components/button.js';
import { Icon } from '../../components/icon.js';
import { Tag } from '../../components/tag.js';
import { typeIcon } from '../../fields/types.js';
import { html, useId } from '../../view.js';
import { words } from '../../words/index.js';
import { FieldOptions } from './field-options.js';

const STEPS = { ArrowUp: -1, ArrowDown: 1 };
const MARKS = ['required', 'unique', 'searchable', 'hidden'];

/** One field: its name and type, what is marked of it, its place in the order, and its options when open. */
export function FieldRow({ field, at, total, isOpen, onOpen, isFixed, isDragged, grip, move, remove, ...options }) {
  const id = useId();
  const w = words.collectionEditor;
  const name = field.name || w.unnamed;
  const step = (to) => {
    if (to < 0 || to >= total) return;
    move(to);
    announce(w.moved(name, to + 1, total));
  };
  const keys = (event) => {
    if (!event.altKey || !STEPS[event.key] || isFixed) return;
    event.preventDefault();
    step(at + STEPS[event.key]);
  };
  return html`
    <li class=${`col-field ${isDragged ? 'col-field-dragged' : ''} ${field.isDropped ? 'col-field-dropped' : ''}`} data-opened=${isOpen ? '' : null} onKeyDown=${keys}>
      <div class="col-field-head">
        ${!isFixed && html`<span class="col-grip" title=${w.dragField(name)} aria-hidden="true" ...${grip}><${Icon} name="grip-vertical" /></span>`}
        <button class="col-field-toggle" type="button" aria-expanded=${String(isOpen)} aria-controls=${isOpen ? id : null} disabled=${field.isDropped} onClick=${onOpen}>
          <${Icon} name=${typeIcon(field.type)} />
          <span class="col-field-name">${name}</span>
          <span class="col-field-type">${words.fieldWords.types[field.type]?.title ?? field.type}${field.collection && html` → ${field.collection}`}</span>
          <span class="col-field-marks"><${Marks} field=${field} issues=${options.issues} isNew=${Boolean(options.work.base) && !field.had} /></span>
          <${Icon} name=${isOpen ? 'chevron-up' : 'chevron-down'} />
        </button>
        ${!isFixed && html`<${Tools} field=${field} name=${name} at=${at} total=${total} step=${step} remove=${remove} />`}
      </div>
      ${isOpen && !field.isDropped && html`<div class="col-field-body" id=${id} role="group" aria-label=${w.optionsOf(name, field.type)}><${FieldOptions} field=${field} isFixed=${isFixed} ...${options} /></div>`}
    </li>
  `;
}

/** What is said of a field in one line. */
function Marks({ field, issues, isNew }) {
  const w = words.collectionEditor;
  const isFaulty = Object.keys(issues).some((place) => place === field.key || place.startsWith(`${field.key}.`));
  return html`
    ${isFaulty && html`<${Tag} kind="danger">${w.hasFault}<//>`}
    ${field.isDropped && html`<${Tag} kind="danger">${w.dropped}<//>`}
    ${isNew && html`<${Tag} kind="success">${w.isNew}<//>`}
    ${field.had && field.had !== field.name && html`<${Tag} kind="warning">${w.renamedFrom(field.had)}<//>`}
    ${MARKS.filter((mark) => field[mark]).map((mark) => html`<${Tag} key=${mark}>${w.marks[mark]}<//>`)}
  `;
}

function Tools({ field, name, at, total, step, remove }) {
  const w = words.collectionEditor;
  if (field.isDropped) return html`<${Button} icon="undo-2" onClick=${remove}>${w.keepField}<//>`;
  return html`
    <span class="col-field-tools">
      <${IconButton} icon="arrow-up" label=${w.moveUp(name)} disabled=${at === 0} onClick=${() => step(at - 1)} />
      <${IconButton} icon="arrow-down" label=${w.moveDown(name)} disabled=${at === total - 1} onClick=${() => step(at + 1)} />
      <${IconButton} icon="trash-2" label=${w.removeField(name)} onClick=${remove} />
    </span>
  `;
}
