// Where the boxes of the picture stand, and how its arrows run. Pure, and the same for the same
// definitions: what is pointed at stands left of what points at it.
import { isRelation } from '../../fields/types.js';

const ROW = 24;
const HEAD = 32;
const LETTER = 7.4;
const GAP_X = 72;
const GAP_Y = 28;
const EDGE = 16;
// How many fields a box lists; the rest is a number.
const SHOWN = 12;

/** `{ width, height, boxes, arrows }` of all definitions, in units of the picture. */
export function layout(definitions) {
  const columns = columnsOf(definitions);
  const boxes = [];
  let x = EDGE;
  for (const column of columns) {
    const width = Math.max(...column.map(widthOf));
    let y = EDGE;
    for (const definition of column) {
      const box = boxOf(definition, x, y, width);
      boxes.push(box);
      y += box.height + GAP_Y;
    }
    x += width + GAP_X;
  }
  return {
    boxes,
    arrows: arrowsOf(boxes),
    // Arrows to the own box, and their words, run at its right.
    width: x,
    height: Math.max(0, ...boxes.map(({ y, height }) => y + height)) + EDGE,
  };
}

function boxOf(definition, x, y, width) {
  const fields = shownOf(definition);
  const more = definition.fields.length - fields.length;
  const rows = fields.map((field, at) => ({ ...field, y: y + HEAD + at * ROW + ROW / 2 }));
  return { name: definition.name, x, y, width, height: HEAD + (rows.length + (more > 0 ? 1 : 0)) * ROW + 6, rows, more, moreY: y + HEAD + rows.length * ROW + ROW / 2 };
}

/** The first fields, and every relation. */
function shownOf({ fields }) {
  if (fields.length <= SHOWN) return fields;
  const relations = fields.filter(({ type }) => isRelation(type)).length;
  let room = Math.max(SHOWN - relations, 0);
  return fields.filter(({ type }) => {
    if (isRelation(type)) return true;
    room -= 1;
    return room >= 0;
  });
}

function widthOf({ name, fields }) {
  const longest = Math.max(name.length * 1.1, ...fields.map((field) => field.name.length + field.type.length + 3));
  return Math.min(Math.max(longest * LETTER + 48, 160), 420);
}

/** Definitions in columns: by the longest way to what points at nothing, then by their names. */
function columnsOf(definitions) {
  const byName = new Map(definitions.map((definition) => [definition.name, definition]));
  const depths = new Map();
  const depth = (name, path) => {
    // A ring has no first one: whoever is met again counts as one that points at nothing.
    if (path.includes(name)) return 0;
    if (!depths.has(name)) {
      const ahead = targetsOf(byName.get(name)).filter((target) => target !== name && byName.has(target));
      depths.set(name, ahead.length === 0 ? 0 : 1 + Math.max(...ahead.map((target) => depth(target, [...path, name]))));
    }
    return depths.get(name);
  };
  const columns = [];
  for (const definition of [...definitions].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const at = depth(definition.name, []);
    (columns[at] ??= []).push(definition);
  }
  return inRows(columns.filter(Boolean));
}

/** Each column in the order of what its boxes point at, so that fewer arrows cross. */
function inRows(columns) {
  const places = new Map();
  return columns.map((column) => {
    const middle = ({ name, fields }) => {
      const known = targetsOf({ fields }).filter((target) => target !== name && places.has(target)).map((target) => places.get(target));
      return known.length === 0 ? 0 : known.reduce((sum, at) => sum + at, 0) / known.length;
    };
    const ordered = [...column].sort((a, b) => middle(a) - middle(b));
    ordered.forEach(({ name }, at) => places.set(name, at));
    return ordered;
  });
}

const targetsOf = ({ fields }) => fields.filter(({ collection }) => collection).map(({ collection }) => collection);

function arrowsOf(boxes) {
  return boxes.flatMap((box) =>
    box.rows.flatMap((row) => {
      const target = boxes.find(({ name }) => name === row.collection);
      return target ? [arrow(box, row, target)] : [];
    }),
  );
}

/** From the row of a relation to the head of the box that it points at. */
function arrow(box, row, target) {
  const y = target.y + HEAD / 2;
  const isLeft = target.x < box.x;
  const from = { x: isLeft ? box.x : box.x + box.width, y: row.y };
  const to = { x: isLeft || target.x === box.x ? target.x + target.width : target.x, y };
  const bend = isLeft ? Math.max((from.x - to.x) / 2, 24) : 40;
  const [out, back] = isLeft ? [from.x - bend, to.x + bend] : [from.x + bend, to.x + (target.x === box.x ? bend : -bend)];
  return {
    from: box.name,
    field: row.name,
    to: target.name,
    onDelete: row.onDelete ?? '',
    isMany: row.type === 'relations',
    label: { x: isLeft ? from.x - 6 : from.x + 6, y: from.y - 5, anchor: isLeft ? 'end' : 'start' },
    path: `M${from.x} ${from.y} C${out} ${from.y} ${back} ${to.y} ${to.x} ${to.y}`,
  };
}
