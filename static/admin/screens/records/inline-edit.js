// Editing a cell in its place: which one is edited, and what comes of it.
import { api } from '../../api.js';
import { say } from '../../components/toasts.js';
import { isPlain } from '../../fields/plain-input.js';
import { fieldsOf } from '../../fields/types.js';
import { recordPath } from '../../names.js';
import { useCallback, useRef, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { focusCell } from './keys.js';

// Longer texts, and those of several lines, are for the panel.
const LINE = 300;

/** `{ editing, start, end, canEdit }`: `editing` is `{ id, key }` or null. */
export function useInlineEdit({ definition, paging, openedAt, isAllowed }) {
  const [editing, setEditing] = useState(null);
  const fields = fieldsOf(definition);
  const canEdit = (id, key) => {
    const field = isAllowed && fields.find((one) => one.key === key);
    const value = paging.rows.find((record) => record.id === id)?.[key];
    return Boolean(field) && isPlain(field) && value !== undefined && isLine(value);
  };
  const latest = useRef({});
  latest.current = { definition, paging, openedAt };
  // The rows are drawn again when this changes, so it stays what it is.
  const end = useCallback((outcome, place) => {
    // Meanwhile another cell may be edited.
    setEditing((was) => (was?.id === place.id && was.key === place.key ? null : was));
    // Whoever has gone elsewhere stays there.
    if (document.activeElement === document.body || document.activeElement.closest('.cell-editor')) requestAnimationFrame(() => focusCell(place));
    if (outcome?.conflict) overtaken(place.id, latest.current);
    else if (outcome) saved(outcome, latest.current);
  }, []);
  return { editing, canEdit, end, start: (id, key) => setEditing({ id, key }) };
}

function saved({ before, record }, { definition, paging }) {
  paging.merge([record]);
  const undo = async () => {
    const { data } = await api.patch(recordPath(definition.name, record.id), before, { ifMatch: `"${record.version}"` });
    paging.merge([data]);
  };
  const [key] = Object.keys(before);
  say(words.saved, { undo, undone: words.records.asBefore(words.records.column(key)) });
}

function overtaken(id, { paging, openedAt }) {
  say(words.records.overtaken, { kind: 'danger', link: { href: openedAt(id), label: words.records.openConflict } });
  return paging.refresh([id]);
}

function isLine(value) {
  return typeof value !== 'string' || (value.length <= LINE && !value.includes('\n'));
}
