import { words } from '../../words/index.js';

/** A step of a plan in the catalogue's words; in the server's, where it has none for its kind. */
export function stepText(step) {
  const { plan } = words;
  const { kind, field, option, message } = step;
  if (plan.steps_[kind]) return plan.steps_[kind](step);
  if (kind === 'changeCollection' && option === 'fields') return plan.order;
  const what = { changeRule: plan.ruleOf(option), changeField: plan.optionOf(option, field), changeCollection: option }[kind];
  return what ? plan.changes(what, shown(step.from), shown(step.to)) : message.replace(/^[a-z0-9_]+: /, '');
}

const LONGEST = 120;

/** A value of a definition as text; undefined where there is none. */
export function shown(value) {
  if (value === undefined || value === null) return undefined;
  const text = Array.isArray(value) && value.every((one) => typeof one === 'string') ? value.join(', ') : asText(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function asText(value) {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
