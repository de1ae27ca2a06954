// Which columns a list has: chosen by its reader and remembered in this browser, else as many as fit.
import { titleKey } from '../../fields/title.js';
import { allFieldsOf } from '../../fields/types.js';
import { forget, keep, readKept } from '../../kept.js';
import { useMemo, useState } from '../../view.js';
import { useWidth } from '../../width.js';

const KEY = 'stead-columns-';
// Rough widths in pixels, as the style sheet has them in `.col-…`.
const WIDTHS = { integer: 110, number: 110, decimal: 110, boolean: 90, date: 130, datetime: 150, select: 120, id: 130 };
const TEXT = 200;
// The title has less where the sidebar is gone.
const TITLE = { wide: 260, small: 192 };
// Of a record's own fields, even where the table has to be scrolled for them.
const AT_LEAST = 1;
const ENDS = ['updatedAt', 'id'];
// Values that nothing orders.
const UNSORTED = ['json', 'multiselect', 'relations'];

/** True for a column that a list can be sorted by. */
export const isSortable = ({ type, hidden }) => !UNSORTED.includes(type) && !hidden;

/**
 * `{ columns, all, choose, reset, isChosen }`: the columns in their order, the title first; all that
 * there are to choose from; `choose(key, isShown)`.
 */
export function useColumns(definition, isTrash) {
  const all = useMemo(() => allFieldsOf(definition), [definition]);
  const [keys, setKeys] = useState(() => remembered(definition.name));
  const title = titleKey(definition) ?? 'id';
  const width = useWidth();
  const shown = keys ?? usual(all, title, width);
  const remember = (next) => {
    if (next) keep(KEY + definition.name, next);
    else forget(KEY + definition.name);
    setKeys(next);
  };
  const columns = useMemo(() => ordered(all, title, shown, isTrash), [all, title, String(shown), isTrash]);
  return {
    columns,
    all: all.filter(({ key }) => key !== title),
    choose: (key, isShown) => remember(isShown ? [...shown, key] : shown.filter((other) => other !== key)),
    reset: () => remember(null),
    isChosen: keys !== null,
  };
}

/** In the order of the definition, what every record has last; the title is always there. */
function ordered(all, title, shown, isTrash) {
  const first = { ...all.find(({ key }) => key === title), isTitle: true };
  const others = all.filter(({ key }) => key !== title && shown.includes(key));
  const deleted = isTrash && { name: 'deleted_at', key: 'deletedAt', type: 'datetime', isSystem: true };
  return [first, deleted, ...others].filter(Boolean);
}

function usual(all, title, width) {
  const widths = ENDS.map((key) => widthOf(all.find((field) => field.key === key)));
  let room = roomOf(width) - (width > 960 ? TITLE.wide : TITLE.small) - widths.reduce((sum, width) => sum + width, 0);
  const keys = [];
  for (const field of all) {
    if (field.isSystem || field.hidden || field.key === title) continue;
    room -= widthOf(field);
    if (room < 0 && keys.length >= AT_LEAST) break;
    keys.push(field.key);
  }
  return [...keys, ...ENDS];
}

/**
 * What the window leaves for the table: without the sidebar, which is there from 960 px on. A narrow
 * one shows no table but a list, which has room for what it does not show at once.
 */
function roomOf(width) {
  if (width < 704) return 1600;
  return (width >= 960 ? width - 240 - 66 : width - 34) - 44;
}

function widthOf({ type }) {
  return WIDTHS[type] ?? TEXT;
}

function remembered(name) {
  const keys = readKept(KEY + name);
  return Array.isArray(keys) ? keys : null;
}
