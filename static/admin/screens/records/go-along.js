// What else goes when records go for good.

/** The names of the collections whose records go along, because a relation of theirs says so. */
export function goAlong(definition, definitions) {
  const names = new Set();
  const waiting = [definition.name];
  while (waiting.length > 0) {
    const target = waiting.pop();
    for (const { name, fields } of definitions) {
      if (names.has(name) || !fields.some(({ collection, onDelete }) => collection === target && onDelete === 'cascade')) continue;
      names.add(name);
      waiting.push(name);
    }
  }
  return Array.from(names);
}
