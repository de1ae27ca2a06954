// What a user does with an editor: save, make, go on, and settle what stands in the way.
import { currentAddress, go } from '../../router.js';
import { say } from '../../components/toasts.js';
import { recordHref } from '../../fields/links.js';
import { singular } from '../../fields/relation-picker.js';
import { recordTitle } from '../../fields/title.js';
import { noteTitle } from '../../fields/titles.js';
import { useSaveKey } from '../../keyboard.js';
import { isSame } from '../../same.js';
import { words } from '../../words/index.js';
import { restore } from './deletion.js';

/**
 * The acts of an editor, within `place` (a ref); `isInner` where it stands over another one, which
 * waits for what is made.
 */
export function useSaving({ definition, editing, conflict, place, isInner, onChanged, onClose, onNext, onAgain, onRefused }) {
  const save = async ({ next = false, another = false } = {}) => {
    const isNew = !editing.stored;
    if (!isNew && next && editing.changed.length === 0) {
      onNext();
      return;
    }
    const record = await editing.save();
    if (!record) {
      onRefused();
      return;
    }
    noteTitle(definition, record);
    onChanged({ kind: isNew ? 'created' : 'updated', record });
    if (isNew) made(record, another);
    else say(words.record.saved(recordTitle(definition, record)));
    if (!isNew && next) onNext();
  };

  const made = (record, another) => {
    const link = { href: recordHref(definition.name, record.id), label: words.record.open };
    if (!isInner) say(words.record.created(singular(definition), recordTitle(definition, record)), { link });
    if (isInner) onClose();
    else if (another) onAgain();
    else goTo(definition, record);
  };

  const saveChoices = async () => {
    const { clash, typed } = editing;
    const yours = conflict.mine.filter(({ key }) => conflict.choices[key] === 'yours');
    if (yours.length === 0) {
      editing.discard(clash);
      return;
    }
    editing.set({ stored: clash, typed: Object.fromEntries(yours.map(({ key }) => [key, typed[key]])), clash: null, restored: null });
    await save();
  };

  const makeAgain = async () => {
    const record = await editing.save({ anew: true });
    if (!record) return;
    onChanged({ kind: 'created', record });
    made(record, false);
  };

  const restoreIt = async () => {
    const record = await restore(definition, editing.stored.id);
    onChanged({ kind: 'restored', record });
    const isAsOpened = Object.keys(record).every((key) => ['version', 'updatedAt'].includes(key) || isSame(record[key], editing.stored[key]));
    // Where it was changed before it went, saving leads to the conflict.
    editing.set({ isGone: false, fault: null, ...(isAsOpened && { stored: record }) });
  };

  useSaveKey(place, editing.clash ? saveChoices : save);
  return { save, saveChoices, makeAgain, restoreIt };
}

function goTo(definition, record) {
  const { from, ...query } = currentAddress().query;
  go(`/records/${definition.name}/${record.id}`, query, { replace: true });
}
