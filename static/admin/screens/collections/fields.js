import { announce } from '../../components/announce.js';
import { Button } from '../../components/button.js';
import { Empty } from '../../components/empty.js';
import { html, useEffect, useRef, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { newField } from './definition.js';
import { useDragging } from './dragging.js';
import { FieldRow } from './field-row.js';
import { TypeGrid } from './type-grid.js';

/** The fields of a collection in their order, each with its options. */
export function Fields({ work, issues, all, isFixed }) {
  const { draft, change } = work;
  const [opened, open] = useState(null);
  const [added, setAdded] = useState(null);
  const [isChoosing, choose] = useState(false);
  const list = useRef(null);
  const w = words.collectionEditor;
  const edit = (key, next) => change((was) => ({ fields: was.fields.map((field) => (field.key === key ? edited(field, next) : field)), ...following(was, key, next) }));
  const move = (key, to) => change((was) => ({ fields: moved(was.fields, key, to) }));
  // One that is there is marked, so that it can be taken back; a new one is gone at once.
  const drop = ({ key, had, isDropped, name }) => {
    if (had) edit(key, (field) => ({ ...field, isDropped: !isDropped }));
    else change((was) => ({ fields: was.fields.filter((field) => field.key !== key) }));
    if (!isDropped) announce(w.droppedSaid(name || w.unnamed));
  };
  const dragging = useDragging(list, draft.fields, move);
  const add = (type) => {
    const field = newField(type);
    change((was) => ({ fields: [...was.fields, field] }));
    open(field.key);
    setAdded(field.key);
    choose(false);
    announce(w.fieldAdded(words.fieldWords.types[type].title));
  };
  // A field that was just made wants a name first.
  useEffect(() => {
    if (added) list.current.querySelector('[data-opened] [name=name]').focus();
  }, [added]);
  const { fields } = draft;
  const row = (field, at) => html`
    <${FieldRow}
      key=${field.key}
      field=${field}
      at=${at}
      total=${fields.length}
      work=${work}
      issues=${issues}
      all=${all}
      isFixed=${isFixed}
      isOpen=${opened === field.key}
      onOpen=${() => open(opened === field.key ? null : field.key)}
      edit=${(next) => edit(field.key, next)}
      remove=${() => drop(field)}
      move=${(to) => move(field.key, to)}
      grip=${dragging.gripOf(field.key)}
      isDragged=${dragging.key === field.key}
    />
  `;
  return html`
    ${fields.length === 0 && html`<${Empty} icon="list" title=${w.noFields} lead=${w.noFieldsLead} />`}
    ${issues.fields && html`<p class="field-fault" role="alert">${issues.fields.message}</p>`}
    ${fields.length > 0 && html`<ol class="rows" ref=${list} aria-label=${w.fieldsLabel}>${fields.map(row)}</ol>`}
    <p class="hint">${w.kept4} ${!isFixed && fields.length > 1 && w.keyHelp}</p>
    ${!isFixed && (isChoosing || fields.length === 0 ? html`<${TypeGrid} onChoose=${add} onClose=${fields.length > 0 && (() => choose(false))} />` : html`<div class="actions"><${Button} icon="plus" onClick=${() => choose(true)}>${w.addField}<//></div>`)}
  `;
}

/** A field as it is edited. While its name is being typed anew it knows the one before (`called`). */
function edited(field, next) {
  const now = next(field);
  return { ...now, called: now.name || field.name || field.called };
}

/** What names a field follows its name: indexes, and the title. */
function following(was, key, next) {
  const field = was.fields.find((one) => one.key === key);
  const { name } = next(field);
  const before = field.name || field.called;
  if (!name || !before || name === before) return {};
  const column = (one) => (one.name === before ? { ...one, name } : one);
  return {
    indexes: was.indexes.map((index) => ({ ...index, columns: index.columns.map(column) })),
    titleField: was.titleField === before ? name : was.titleField,
  };
}

/** `fields` with the one of this key at another place. */
export function moved(fields, key, to) {
  const field = fields.find((one) => one.key === key);
  const rest = fields.filter((one) => one !== field);
  return [...rest.slice(0, to), field, ...rest.slice(to)];
}
