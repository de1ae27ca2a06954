// What differs between two texts or lists. Pure; words and looks are elsewhere.

// Beyond this a comparison takes too long to be worth it: then all of it is another.
const MOST_CELLS = 1_000_000;

/**
 * The parts of `before` and `after`, in their order: `[{ kind, items }]`, where `kind` is `same`,
 * `removed` or `added`. Removed ones stand before those that came for them.
 */
export function compare(before, after) {
  const head = common(before, after);
  const tail = common(before.slice(head).reverse(), after.slice(head).reverse());
  const middle = between(before.slice(head, before.length - tail), after.slice(head, after.length - tail));
  const parts = [['same', before.slice(0, head)], ...middle, ['same', before.slice(before.length - tail)]];
  return joined(parts);
}

/** Two texts, by lines, or by words within one where both are one line. */
export function compareTexts(before, after) {
  const isOneLine = !before.includes('\n') && !after.includes('\n');
  return { isOneLine, parts: isOneLine ? compare(wordsOf(before), wordsOf(after)) : compare(before.split('\n'), after.split('\n')) };
}

/** Words, and what stands between them: joined they are the text again. */
export function wordsOf(text) {
  return text.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];
}

function common(a, b) {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return length;
}

function between(before, after) {
  if (before.length * after.length > MOST_CELLS) return [['removed', before], ['added', after]];
  return walk(before, after, longest(before, after));
}

/** By the classic table: the length of the longest common sequence from each place on. */
function longest(before, after) {
  const width = after.length + 1;
  const table = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const same = before[i] === after[j];
      table[i * width + j] = same ? table[(i + 1) * width + j + 1] + 1 : Math.max(table[(i + 1) * width + j], table[i * width + j + 1]);
    }
  }
  return (i, j) => table[i * width + j];
}

function walk(before, after, rest) {
  const parts = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      parts.push(['same', [before[i]]]);
      [i, j] = [i + 1, j + 1];
    } else if (i < before.length && (j === after.length || rest(i + 1, j) >= rest(i, j + 1))) {
      parts.push(['removed', [before[i]]]);
      i += 1;
    } else {
      parts.push(['added', [after[j]]]);
      j += 1;
    }
  }
  return parts;
}

function joined(parts) {
  const result = [];
  for (const [kind, items] of parts) {
    if (items.length === 0) continue;
    const last = result.at(-1);
    if (last?.kind === kind) last.items.push(...items);
    else result.push({ kind, items: [...items] });
  }
  return result;
}
