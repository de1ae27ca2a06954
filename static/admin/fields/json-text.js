// JSON as it is typed: its value, or the first fault with its place. Browsers name places each in
// their own way, if at all, and take without a word what Stead would refuse or change: keys that
// stand twice, numbers that are rounded.

const MOST_DEEP = 64;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SPACE = /[ \t\n\r]*/y;
const WORD = /true|false|null/y;

/**
 * `{ value }`, or `{ fault: { code, line, column, found } }`, both places from 1. `code` is `end`,
 * `unexpected`, `string`, `duplicate`, `imprecise` or `deep`; `found` is what stands there.
 */
export function readJson(text) {
  try {
    const end = space(text, value(text, space(text, 0), 1));
    if (end < text.length) refuse('unexpected', end, text[end]);
    return { value: JSON.parse(text) };
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault;
    return { fault: { code: fault.code, found: fault.found, ...placeOf(text, fault.at) } };
  }
}

/** Line and column of a place, both from 1. */
export function placeOf(text, at) {
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: before.at(-1).length + 1 };
}

class Refusal extends Error {
  constructor(code, at, found) {
    super(code);
    Object.assign(this, { code, at, found });
  }
}

function refuse(code, at, found) {
  throw new Refusal(code, at, found);
}

/** Where `pattern` ends that begins at `at`; -1 where it does not. */
function endOf(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

function space(text, at) {
  return endOf(SPACE, text, at);
}

function value(text, at, depth) {
  if (at >= text.length) refuse('end', at);
  if (depth > MOST_DEEP) refuse('deep', at);
  if (text[at] === '{') return object(text, at, depth);
  if (text[at] === '[') return list(text, at, depth);
  if (text[at] === '"') return string(text, at);
  const word = endOf(WORD, text, at);
  return word > 0 ? word : number(text, at);
}

function string(text, at) {
  const end = endOf(STRING, text, at);
  return end > 0 ? end : refuse('string', at);
}

function number(text, at) {
  const end = endOf(NUMBER, text, at);
  if (end <= at) refuse('unexpected', at, text[at]);
  const found = text.slice(at, end);
  if (isRounded(found)) refuse('imprecise', at, found);
  return end;
}

/** True where a double is another number than what is written, so that saving would change it. */
function isRounded(written) {
  const value = Number(written);
  return !Number.isFinite(value) || (/^-?\d+$/.test(written) && !Number.isSafeInteger(value) && BigInt(value) !== BigInt(written));
}

function object(text, open, depth) {
  const names = new Set();
  return members(text, open, '}', (at) => {
    if (text[at] !== '"') refuse(at < text.length ? 'unexpected' : 'end', at, text[at]);
    const end = string(text, at);
    const name = JSON.parse(text.slice(at, end));
    if (names.has(name)) refuse('duplicate', at, name);
    names.add(name);
    const colon = space(text, end);
    if (text[colon] !== ':') refuse(colon < text.length ? 'unexpected' : 'end', colon, text[colon]);
    return value(text, space(text, colon + 1), depth + 1);
  });
}

function list(text, open, depth) {
  return members(text, open, ']', (at) => value(text, at, depth + 1));
}

/** What stands between commas up to `close`; `member(at)` tells where one ends. */
function members(text, open, close, member) {
  let at = space(text, open + 1);
  if (text[at] === close) return at + 1;
  for (;;) {
    at = space(text, member(at));
    if (text[at] === close) return at + 1;
    if (text[at] !== ',') refuse(at < text.length ? 'unexpected' : 'end', at, text[at]);
    at = space(text, at + 1);
  }
}
