// What can stand at the caret of a rule. Pure: from a text and a place in it to choices.
import { follow, leadsOf } from './leads.js';

const ACTIONS = ['read', 'create', 'update', 'delete', 'write', 'bypass'];
const OF_TEXT = ['contains("")', 'startsWith("")', 'endsWith("")', 'lower()', 'size()'];
const OF_INSTANT = ['getFullYear()', 'getMonth()', 'getDate()', 'getDayOfWeek()', 'getHours()', 'getMinutes()'];
const OF_RECORDS = ['exists(x, x.)', 'all(x, x.)', 'size()'];
const TEXTS = ['text', 'email', 'url', 'select'];
const PATH = /((?:[A-Za-z_]\w*(?:\(\))?\.)*)([A-Za-z_]\w*)?$/;
const COMPARED = /([A-Za-z_][\w.]*)\s*(?:==|!=|in\s*\[(?:[^\]]*,)?)\s*$/;

/**
 * `{ from, items, isBegun }`: what was typed from `from` to the caret is replaced by the `text` of one of
 * `items`, `{ text, kind, note }`; in a `text`, the caret goes into its brackets or quotation marks.
 * `isBegun` where something was typed that they go on with.
 *
 * `scope` is `{ definition, all, knowsPrevious, knowsAuth }`.
 */
export function completions(text, caret, scope) {
  const before = text.slice(0, caret);
  const open = openQuote(before);
  if (open >= 0) return inText(before, open, scope);
  const [whole, path, part = ''] = PATH.exec(before);
  const from = caret - part.length;
  const names = path.split('.').slice(0, -1);
  const ahead = before.slice(0, caret - whole.length);
  const compared = names.length > 0 ? [] : values(ahead, before, scope);
  const items = names.length > 0 ? behind(names, before, scope) : [...compared, ...first(before, scope)];
  return { from, items: fitting(items, part), isBegun: part !== '' || names.length > 0 || compared.length > 0 };
}

/** Those that begin with what was typed, then those that hold it. */
function fitting(items, part) {
  const wanted = part.toLowerCase();
  const at = ({ text }) => text.replace(/^["']/, '').toLowerCase().indexOf(wanted);
  const found = items.filter((item) => at(item) >= 0 && item.text !== part);
  return [...found.filter((item) => at(item) === 0), ...found.filter((item) => at(item) > 0)].slice(0, 40);
}

/** Where the text begins in which the caret stands, or -1. */
function openQuote(before) {
  let open = -1;
  for (let at = 0; at < before.length; at += 1) {
    const letter = before[at];
    if (letter === '\\' && open >= 0) at += 1;
    else if (open < 0 && (letter === '"' || letter === "'")) open = at;
    else if (open >= 0 && letter === before[open]) open = -1;
  }
  return open;
}

function inText(before, open, scope) {
  const ahead = before.slice(0, open);
  const quoted = /auth\.can\(\s*$/.test(ahead) ? permissions(scope) : options(ahead, before, scope);
  const items = quoted.map((text) => ({ text, kind: 'value' }));
  return { from: open + 1, items: fitting(items, before.slice(open + 1)), isBegun: true };
}

const permissions = ({ all }) => all.flatMap(({ name }) => ACTIONS.map((action) => `${name}:${action}`));

/** The options of the field that stands in front of a comparison. */
function options(ahead, before, scope) {
  return comparedWith(ahead, before, scope)?.field?.options ?? [];
}

function comparedWith(ahead, before, scope) {
  const path = COMPARED.exec(ahead)?.[1];
  return path && lead(path.split('.'), before, scope);
}

/** What a field may be compared with. */
function values(ahead, before, scope) {
  const field = comparedWith(ahead, before, scope)?.field;
  if (!field) return [];
  const quoted = (field.options ?? []).map((option) => ({ text: JSON.stringify(option), kind: 'value' }));
  const truths = field.type === 'boolean' ? ['true', 'false'] : [];
  const user = scope.knowsAuth && field.type === 'relation' && field.collection === 'users' ? ['auth.id'] : [];
  const time = field.type === 'datetime' && scope.knowsAuth ? ['now()'] : [];
  return [...quoted, ...[...user, ...truths, ...time, 'null'].map((text) => ({ text, kind: 'value' }))];
}

function first(before, scope) {
  const { definition, all, knowsAuth, knowsPrevious } = scope;
  const variables = [...bound(before).keys()].map((text) => ({ text, kind: 'record' }));
  const others = [knowsAuth && 'auth', knowsPrevious && 'previous', knowsAuth && 'now()', 'true', 'false', 'null'];
  return [...variables, ...leadsOf(definition, all).map(item), ...others.filter(Boolean).map((text) => ({ text, kind: 'word' }))];
}

/** What can stand behind a dot. */
function behind(names, before, scope) {
  if (names.length === 1 && names[0] === 'auth') return ofAuth(scope);
  if (names.join('.') === 'now()') return made(OF_INSTANT);
  const found = lead(names, before, scope);
  if (found?.kind === 'records') return made(OF_RECORDS);
  if (found?.kind === 'record' && found.target) return leadsOf(found.target, scope.all).map(item);
  return made(methods(found?.field));
}

function methods(field) {
  if (!field) return [];
  if (TEXTS.includes(field.type)) return OF_TEXT;
  if (field.type === 'datetime') return OF_INSTANT;
  return field.type === 'multiselect' || field.type === 'relations' ? ['size()'] : [];
}

const made = (texts) => texts.map((text) => ({ text, kind: 'function' }));

function ofAuth({ all }) {
  const users = all.find(({ name }) => name === 'users');
  const own = ['id', 'email', 'verified', 'roles'].map((text) => ({ text, kind: 'field' }));
  const known = own.map(({ text }) => text);
  const further = users ? leadsOf(users, all).filter(({ name }) => !known.includes(name)).map(item) : [];
  return [...own, { text: 'can("")', kind: 'function' }, ...further];
}

function item({ name, kind, field, target }) {
  return { text: name, kind, type: kind === 'field' ? field.type : undefined, target: target?.name };
}

/** What a path leads to, by the record, `previous`, `auth` or a variable of an `exists` in front. */
function lead([name, ...rest], before, scope) {
  const { definition, all } = scope;
  if (name === 'auth') return follow(all.find((one) => one.name === 'users'), rest, all);
  if (name === 'previous') return follow(definition, rest, all);
  const variable = bound(before).get(name);
  if (variable) return follow(lead(variable, before.slice(0, before.lastIndexOf(`(${name},`)), scope)?.target, rest, all);
  return follow(definition, [name, ...rest], all);
}

/** The variables of `exists` and `all` in a text, with the paths of what they go through. */
function bound(before) {
  const found = before.matchAll(/([A-Za-z_][\w.]*)\.(?:exists|all)\(\s*([A-Za-z_]\w*)\s*,/g);
  return new Map(Array.from(found, ([, path, name]) => [name, path.split('.')]));
}

/** `text` with a choice in it, and where the caret then stands. */
export function completed(text, caret, from, choice) {
  const inside = Math.max(choice.search(/""\)$/) + 1, choice.search(/\)$/) * (choice.endsWith('x.)') ? 1 : 0));
  const next = text.slice(0, from) + choice + text.slice(caret);
  return { text: next, caret: from + (inside > 0 ? inside : choice.length) };
}
