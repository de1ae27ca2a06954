// The parts of a rule as a tree. The API tells them in the order of the text; the text itself says
// how they are joined.

/**
 * `{ kind, expression, value, parts }`: `kind` is `||`, `&&`, `!` or `part`. The first of `parts`
 * is that of who is bound by no rule; what is left of a rule that cannot be read stands in a row.
 */
export function explained(rule, parts) {
  const left = [...parts];
  const bypass = left.length > 0 && /:bypass"\)$/.test(left[0].expression) ? left.shift() : null;
  const leaves = [...left];
  const tree = split(rule, leaves);
  const whole = tree && leaves.length === 0 ? tree : row(left);
  return bypass ? joined('||', [leaf(bypass), whole]) : whole;
}

const row = (parts) => (parts.length === 1 ? leaf(parts[0]) : { kind: 'row', value: undefined, parts: parts.map(leaf) });
const leaf = ({ expression, value }) => ({ kind: 'part', expression, value, parts: [] });

function split(text, leaves) {
  const bare = text.trim();
  for (const sign of ['||', '&&']) {
    const sides = apart(bare, sign);
    if (sides.length > 1) {
      const parts = sides.map((side) => split(side, leaves));
      return parts.every(Boolean) ? joined(sign, parts) : null;
    }
  }
  if (bare.startsWith('!')) return negated(split(bare.slice(1), leaves));
  if (bare.startsWith('(') && closing(bare, 0) === bare.length - 1) return split(bare.slice(1, -1), leaves);
  const part = leaves.shift();
  return part ? leaf(part) : null;
}

/** The sides of a sign that stands in no brackets and in no text. */
function apart(text, sign) {
  const sides = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '"' || letter === "'") at = textEnd(text, at);
    else if (letter === '(' || letter === '[') depth += 1;
    else if (letter === ')' || letter === ']') depth -= 1;
    else if (depth === 0 && text.startsWith(sign, at)) {
      sides.push(text.slice(start, at));
      at += 1;
      start = at + 1;
    }
  }
  return [...sides, text.slice(start)];
}

function closing(text, open) {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === '"' || text[at] === "'") at = textEnd(text, at);
    else if (text[at] === '(') depth += 1;
    else if (text[at] === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

function textEnd(text, open) {
  for (let at = open + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === text[open]) return at;
  }
  return text.length;
}

/** With three values: what nobody can say stays so, unless the other side decides. */
function joined(kind, parts) {
  const values = parts.map(({ value }) => value);
  const deciding = kind === '||';
  const rest = values.includes(null) || values.includes(undefined) ? null : !deciding;
  return { kind, value: values.includes(deciding) ? deciding : rest, parts };
}

function negated(part) {
  if (!part) return null;
  return { kind: '!', value: typeof part.value === 'boolean' ? !part.value : null, parts: [part] };
}
