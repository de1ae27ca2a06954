// The keyboard in a list of records. A row has the focus by the link of its title, a cell of its own.
import { isTyped } from '../../keyboard.js';
import { useEffect, useRef } from '../../view.js';

const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
const SIDES = { ArrowRight: 1, ArrowLeft: -1 };

/**
 * `j` `k` and the arrows walk, `x` selects, Enter opens, `e` and F2 edit the cell, `n` makes a record.
 * Enter on a cell edits it, too; on the link of a title it follows that.
 */
export function useListKeys(actions) {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    // A box to tick is no input for letters.
    const press = (event) => {
      const isBox = event.target.matches?.('[data-row] input[type=checkbox]') && !event.ctrlKey && !event.metaKey && !event.altKey;
      if (isTyped(event) && !isBox) return;
      if (pressed(event, latest.current)) event.preventDefault();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}

/** Puts the focus on a cell, or where there is none, on its row. */
export function focusCell({ id, key }) {
  const row = document.querySelector(`[data-row="${id}"]`);
  const cell = row?.querySelector(`[data-key="${key}"]`);
  focusIn(cell ?? row);
}

function pressed(event, { onNew, onToggle, onEdit, onOpen, onClear, canEdit }) {
  const row = event.target.closest?.('[data-row]');
  const id = row?.dataset.row;
  const key = cellOf(event.target)?.dataset.key;
  if (event.key in STEPS) return walk(event, row);
  if (event.key === 'n') return onNew?.() ?? false;
  if (event.key === 'Escape') return onClear() ?? false;
  if (!row) return false;
  if (event.key in SIDES) return aside(event.target, row, SIDES[event.key]);
  if (event.key === 'x') return onToggle(id, event.shiftKey) ?? true;
  const onCell = event.target === cellOf(event.target);
  if (event.key === 'e' || event.key === 'F2' || (event.key === 'Enter' && onCell)) {
    const edited = key ?? row.querySelector('[data-key]')?.dataset.key;
    return (canEdit(id, edited) ? onEdit(id, edited) : onOpen(id)) ?? true;
  }
  return false;
}

/** Arrows walk only from row to row, so that they scroll everywhere else. */
function walk({ key, target }, row) {
  if (!row && key.startsWith('Arrow')) return false;
  const rows = Array.from(document.querySelectorAll('[data-row]'));
  const next = rows[row ? rows.indexOf(row) + STEPS[key] : 0];
  const column = cellOf(target)?.dataset.key;
  if (next) focusIn((column && next.querySelector(`[data-key="${column}"]`)) || next);
  return true;
}

function aside(target, row, step) {
  const cells = Array.from(row.querySelectorAll('[data-key]'));
  const next = cells[cells.indexOf(cellOf(target)) + step];
  if (next) focusIn(next);
  return cells.length > 0;
}

function focusIn(place) {
  const target = place?.querySelector('[data-open]') ?? place;
  target?.focus();
  // A header and a first column that stand would cover it.
  place?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

function cellOf(target) {
  return target.closest?.('[data-key]') ?? null;
}
