// Deleting, restoring and purging a record, and what is said of it.
import { api, Fault, newKey } from '../../api.js';
import { ask } from '../../components/ask.js';
import { say } from '../../components/toasts.js';
import { recordTitle } from '../../fields/title.js';
import { recordPath } from '../../names.js';
import { mayRestore } from '../../rights.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { countReferences } from './references.js';

/** Deletes softly, at once, with Undo for who may restore. `onChanged` as the panel has it. */
export async function deleteSoftly({ definition, stored, onChanged }) {
  await api.remove(recordPath(definition.name, stored.id));
  onChanged({ kind: 'deleted', record: stored });
  const undo = async () => onChanged({ kind: 'restored', record: await restore(definition, stored.id) });
  say(words.record.deleted(recordTitle(definition, stored)), { undo: mayRestore(definition) && undo });
}

/**
 * Asks, and deletes for good. What somebody has changed since is not what was looked at, so that is
 * refused. Resolves to false where the user thought better of it; throws the Fault that the API would
 * answer with where it is plain before asking that records are in the way.
 */
export async function deleteForGood({ definition, definitions, stored, onChanged }) {
  const { record } = words;
  const title = recordTitle(definition, stored);
  const along = await countReferences(definitions, definition.name, stored.id).catch(() => null);
  refuseWhatIsRestricted(along ?? []);
  const query = { hard: definition.deletion === 'hard' ? undefined : 'true' };
  const isDone = await ask({
    title: record.askDelete(title),
    lead: html`<${Lost} along=${along} />`,
    action: words.removeForGood,
    busy: words.removing,
    act: () => api.remove(recordPath(definition.name, stored.id), query, { ifMatch: `"${stored.version}"` }).catch(explain),
  });
  if (!isDone) return false;
  onChanged({ kind: 'deleted', record: stored });
  say(record.deletedForGood(title));
  return true;
}

function explain(fault) {
  throw fault.status === 412 ? new Fault({ ...fault, message: words.record.changedSince }) : fault;
}

function refuseWhatIsRestricted(along) {
  const one = along.find(({ field, count }) => field.type === 'relation' && field.onDelete === 'restrict' && count > 0);
  if (!one) return;
  const by = `${one.definition.name}.${one.field.key}`;
  throw new Fault({ status: 409, code: 'CONFLICT', issues: [{ field: '_', code: 'RESTRICTED', params: { by } }] });
}

/** Brings a deleted record back, and resolves to it. */
export async function restore(definition, id) {
  return (await api.post(`${recordPath(definition.name, id)}/restore`, undefined, { key: newKey() })).data;
}

/** The relation that is in the way of a deletion, `{ collection, key }` as the API has them, or null. */
export function inTheWay(fault) {
  const by = fault.issues.find(({ code }) => code === 'RESTRICTED')?.params?.by;
  if (!by) return null;
  const [path, key] = by.split('.');
  return { collection: path.replaceAll('-', '_'), key };
}

function Lost({ along }) {
  const { record } = words;
  const some = along?.filter(({ count }) => count > 0) ?? [];
  const lines = some.map(({ definition, field, count }) => {
    if (field.onDelete === 'cascade') return record.along(count, definition.name, field.key);
    return field.onDelete === 'setNull' || field.type === 'relations' ? record.freed(count, definition.name, field.key) : null;
  });
  const told = lines.filter(Boolean);
  return html`
    <p>${record.lostForGood}</p>
    ${!along && html`<p>${record.alongUnknown}</p>`}
    ${told.length > 0 && html`<p>${record.goesAlong}</p><ul class="lost">${told.map((line) => html`<li key=${line}>${line}</li>`)}</ul>`}
  `;
}
