// A record that is open in an editor: loaded, with what its user may do with it.
import { useLoad } from '../../load.js';
import { useAllows, useUser } from '../../session.js';
import { draftKey } from './draft.js';
import { useEditing } from './editing.js';
import { shownFields } from './fields.js';
import { find } from './send.js';
import { startOf } from './start.js';

/**
 * `{ load, editing, record, isDeleted, fields, can, mayWrite }`: `record` is the one that is shown,
 * null for a new one; `fields` are those that its user sees of it; `can` has what the user may do
 * with the records of this collection.
 */
export function useOpened({ definition, id, from, first, depth }) {
  const isNew = id === 'new';
  const { can, bypasses } = useRights(definition);
  const mayWrite = isNew ? can.create : can.update;
  const place = [id, from, depth || undefined].filter((part) => part !== undefined).join('~');
  const key = draftKey(useUser(), definition.name, place);
  const editing = useEditing({ definition, fields: shownFields(definition, null, { bypasses, mayWrite: true }), key });
  const load = useLoad(async (signal) => {
    const found = isNew ? await startOf(definition, from, signal) : await find(definition, id, signal);
    if (!found.isDeleted) editing.open(found.record, isNew ? { ...found.typed, ...first } : {});
    return found;
  }, [key]);
  const isDeleted = load.value?.isDeleted ?? false;
  const record = isDeleted ? load.value.record : editing.stored;
  return { load, editing, record, isDeleted, fields: shownFields(definition, record, { bypasses, mayWrite }), can, mayWrite };
}

/** What the user may do with the records of a collection. */
function useRights(definition) {
  const allows = useAllows();
  const names = ['create', 'update', 'delete', 'restore', 'purge'];
  const can = Object.fromEntries(names.map((name) => [name, definition.can?.[name] ?? true]));
  return { can, bypasses: allows(`${definition.name}:bypass`) };
}
