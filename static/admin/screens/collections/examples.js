// Rules that people need, filled with the fields of a collection. What does not fit it is left out.
import { fieldsOf } from '../../fields/types.js';
import { OPERATIONS } from './definition.js';
import { leadsOf } from './leads.js';

const READS = ['list', 'view'];

/** `[{ key, text }]` for a rule on records; `key` names its words. */
export function examplesFor(operation, definition, all) {
  const found = of(definition, all);
  return EXAMPLES.filter(([, fits]) => fits.includes(operation))
    .map(([key, , make]) => ({ key, text: make(found, operation) }))
    .filter(({ text }) => text);
}

/** The same for the rule of a field: `readRule` or `writeRule`. */
export function fieldExamplesFor(rule, field, definition, all) {
  const { name, owner } = of(definition, all);
  const { key } = fieldsOf({ fields: [field] })[0];
  const staff = { key: 'staff', text: `auth.can("${name}:update")` };
  const own = owner && { key: 'owner', text: `${owner} == auth.id` };
  const once = rule === 'writeRule' && { key: 'once', text: `previous.${key} == null || ${key} == previous.${key}` };
  return [staff, own, once].filter(Boolean);
}

const EXAMPLES = [
  ['signedIn', OPERATIONS, () => 'auth != null'],
  ['own', ['list', 'view', 'create', 'delete'], ({ owner }) => owner && `${owner} == auth.id`],
  ['own', ['update'], ({ owner }) => owner && `previous.${owner} == auth.id && ${owner} == auth.id`],
  ['moderators', ['update'], ({ owner, name }) => owner && `previous.${owner} == auth.id && ${owner} == auth.id || auth.can("${name}:update")`],
  ['moderators', ['delete'], ({ owner, name }) => owner && `${owner} == auth.id || auth.can("${name}:delete")`],
  ['published', READS, ({ published, owner }) => published && [published, owner && `${owner} == auth.id`].filter(Boolean).join(' || ')],
  ['fromDay', READS, ({ instant, owner }) => instant && [`${instant} <= now()`, owner && `${owner} == auth.id`].filter(Boolean).join(' || ')],
  ['team', ['list', 'view', 'create'], ({ team }) => team && `${team}.exists(m, m.userId == auth.id)`],
  ['parent', READS, ({ parent, parentPublished }) => parent && parentPublished && `${parent}.${parentPublished}`],
  ['oncePer', ['create'], ({ owner, parent, own }) => owner && parent && own && `${owner} == auth.id && !${parent}.${own}.exists(x, x.${owner} == auth.id)`],
  ['locked', ['update'], ({ lock }) => lock && `!previous.${lock}`],
  ['locked', ['delete'], ({ lock }) => lock && `!${lock}`],
  ['role', OPERATIONS, () => '"editor" in auth.roles'],
  ['hours', ['create'], () => 'now().getDayOfWeek() in [1, 2, 3, 4, 5] && now().getHours() >= 8 && now().getHours() < 18'],
  ['colleagues', READS, () => 'auth.email.lower().endsWith("@example.com")'],
];

/** The fields of a collection by what they are for, as far as names and types tell. */
function of(definition, all) {
  const fields = fieldsOf(definition).filter(({ name }) => name);
  const leads = leadsOf(definition, all);
  const relations = leads.filter(({ kind, target }) => kind === 'record' && target);
  const users = (field) => field.type === 'relation' && field.collection === 'users';
  const parent = relations.find(({ field }) => !users(field));
  return {
    name: definition.name,
    owner: fields.find(users)?.key,
    published: publishedOf(fields),
    instant: fields.find(({ type, key }) => type === 'datetime' && /publish|from|start/i.test(key))?.key,
    lock: fields.find(({ type, key }) => type === 'boolean' && /lock|closed|final/i.test(key))?.key,
    team: teamOf(relations, all),
    parent: parent?.name,
    parentPublished: parent && publishedOf(fieldsOf(parent.target)),
    own: parent && leadsOf(parent.target, all).find(({ kind, target }) => kind === 'records' && target?.name === definition.name)?.name,
  };
}

function publishedOf(fields) {
  const option = /^(published|public|open|active)$/;
  const field = fields.find(({ type, options }) => type === 'select' && options?.some((one) => option.test(one)));
  if (field) return `${field.key} == ${JSON.stringify(field.options.find((one) => option.test(one)))}`;
  const flag = fields.find(({ type, key }) => type === 'boolean' && /public|publish|visible/i.test(key));
  return flag?.key;
}

/** Records that point at a relation's target, and at a user: its members. */
function teamOf(relations, all) {
  for (const { name, target } of relations) {
    const members = leadsOf(target, all).find(({ kind, target: of }) => kind === 'records' && of?.fields.some((field) => field.name === 'user_id'));
    if (members) return `${name}.${members.name}`;
  }
  return undefined;
}
