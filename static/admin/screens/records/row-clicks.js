// What the pointer does to a row: a click opens it, two edit the cell.
import { useEffect, useRef } from '../../view.js';

// As long as a second click may be on its way to a cell that can be edited.
const SECOND_MS = 220;

/** The handlers of the rows. Links, buttons and inputs in them do what they do. */
export function useRowClicks({ onOpen, onEdit, canEdit }) {
  const waiting = useRef(null);
  useEffect(() => () => clearTimeout(waiting.current), []);
  const click = (event) => {
    const place = placeOf(event);
    if (!place || event.detail > 1 || !getSelection().isCollapsed) return;
    waiting.current = setTimeout(() => onOpen(place.id), canEdit(place.id, place.key) ? SECOND_MS : 0);
  };
  const second = (event) => {
    const place = placeOf(event, 'input, select, button');
    if (!place || !canEdit(place.id, place.key)) return;
    clearTimeout(waiting.current);
    event.preventDefault();
    getSelection().removeAllRanges();
    onEdit(place.id, place.key);
  };
  return { onClick: click, onDblClick: second };
}

function placeOf({ target }, own = 'a, button, input, select, label') {
  if (target.closest(own)) return null;
  const row = target.closest('[data-row]');
  return row && { id: row.dataset.row, key: target.closest('[data-key]')?.dataset.key };
}
