// Reads expressions as far as the page needs them: to tell them from words, to take them apart at
// `&&`, and to complete names. What they mean is for the API alone.
import { allFieldsOf } from '../../fields/types.js';

const OPERATORS = /==|!=|<|>|&&|\|\||\bin\s*\[|\.(contains|startsWith|endsWith|lower|size|exists|all)\s*\(/;

/** True for a text that is meant as an expression; else it is words to search for. */
export function isExpression(text, definition) {
  if (OPERATORS.test(text)) return true;
  const alone = text.trim().replace(/^!\s*/, '');
  // One sign is a slip of who means two: the API says so, where words would only find nothing.
  const [, compared] = /^([A-Za-z]\w*)\s*=/.exec(alone) ?? [];
  return allFieldsOf(definition).some(({ key, type }) => key === compared || (key === alone && type === 'boolean'));
}

/** The parts of `text` between its outermost `&&`. Null where it does not end what it begins. */
export function partsOf(text) {
  const parts = [''];
  let depth = 0;
  for (const piece of piecesOf(text)) {
    if ('([{'.includes(piece)) depth += 1;
    if (')]}'.includes(piece)) depth -= 1;
    if (/^["']/.test(piece) && (piece.length < 2 || piece.at(-1) !== piece[0])) return null;
    if (piece === '&&' && depth === 0) parts.push('');
    else parts[parts.length - 1] += piece;
  }
  return depth === 0 ? parts.map((part) => part.trim()) : null;
}

/** True where `||` stands outside of all parentheses: then it needs some beside `&&`. */
export function isLoose(text) {
  let depth = 0;
  for (const piece of piecesOf(text)) {
    if (piece === '(') depth += 1;
    if (piece === ')') depth -= 1;
    if (piece === '||' && depth === 0) return true;
  }
  return false;
}

/** Strings, operators of two characters, and all others one by one. */
function piecesOf(text) {
  return text.match(/"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|&&|\|\||[\s\S]/g) ?? [];
}

const COMPARED = ['==', '!=', '<', '<=', '>', '>='];
const OF_TEXT = ['==', '!=', '.contains("', '.startsWith("', '.endsWith("', '.lower()'];
const OF_TYPE = {
  text: OF_TEXT,
  email: OF_TEXT,
  url: OF_TEXT,
  select: ['==', '!=', 'in ["'],
  boolean: ['=='],
  relation: ['==', '!='],
  multiselect: ['.size()'],
  relations: ['.size()'],
};

/**
 * What may stand where the caret is: `[{ text, insert, from, type }]`, `insert` in place of all from
 * `from` to the caret. Names of fields by what is typed of them, behind a name what compares it, and
 * behind that the values that it can have.
 */
export function completions(definition, text, caret) {
  const before = text.slice(0, caret);
  if ((before.replace(/\\./g, '').match(/"/g) ?? []).length % 2 === 1) return [];
  const fields = allFieldsOf(definition).filter(({ hidden }) => !hidden);
  return values(fields, before) ?? operators(fields, before) ?? names(fields, before);
}

function values(fields, before) {
  const [, name, typed] = /([A-Za-z]\w*)\s*(?:==|!=)\s*("?\w*)$/.exec(before) ?? [];
  const field = fields.find(({ key }) => key === name);
  if (!field) return null;
  const literals = { boolean: ['true', 'false'], select: field.options?.map((option) => JSON.stringify(option)) }[field.type] ?? [];
  const fitting = [...literals, 'null'].filter((literal) => literal !== typed && literal.startsWith(typed));
  return fitting.map((literal) => ({ text: literal, insert: `${literal} `, from: before.length - typed.length }));
}

function operators(fields, before) {
  const [, name, typed] = /(?:^|[^\w.])([A-Za-z]\w*)\s+([=!<>]*)$/.exec(before) ?? [];
  const field = fields.find(({ key }) => key === name);
  if (!field) return null;
  const fitting = (OF_TYPE[field.type] ?? COMPARED).filter((operator) => operator.startsWith(typed) && operator !== typed);
  return fitting.map((operator) => {
    const isCall = operator.startsWith('.');
    return {
      text: operator.replace('"', '"…"'),
      insert: isCall ? operator : `${operator} `,
      from: isCall ? before.trimEnd().length : before.length - typed.length,
    };
  });
}

function names(fields, before) {
  const [typed] = /(?<![\w."])[A-Za-z]\w*$/.exec(before) ?? [''];
  if (!typed) return [];
  const fitting = fields.filter(({ key }) => key.toLowerCase().startsWith(typed.toLowerCase()) && key !== typed);
  return fitting.map(({ key, type }) => ({ text: key, insert: `${key} `, from: before.length - typed.length, type }));
}
