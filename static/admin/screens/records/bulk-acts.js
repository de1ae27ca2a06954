// What is done with the selected records: `{ path, definition, paging, selection, ids, goAlong }` say
// with which, `tell` gets how many are done.
import { ask } from '../../components/ask.js';
import { say, sayFault } from '../../components/toasts.js';
import { mayRestore } from '../../rights.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { allIds, purgeMany, removeMany, restoreMany } from './many.js';

/** All that fit; refused where they are not as many as were shown, since nobody has seen the others. */
export async function everyId(path, conditions, shown) {
  const ids = await allIds(path, conditions);
  if (shown !== null && ids.length !== shown) throw new Error(words.records.bulk.changedMeanwhile(ids.length));
  return ids;
}

/** Deletes softly, at once: it can be undone. */
export async function remove({ path, definition, paging, selection, ids }, tell) {
  const { done, fault } = await removeMany(path, await ids(), { onProgress: tell });
  if (done.length > 0) {
    paging.hide(done);
    selection.clear();
    say(words.records.bulk.remove.done(done.length), { undo: mayRestore(definition) && (() => bringBack(path, done, paging)) });
  }
  if (fault) sayFault(fault);
}

async function bringBack(path, ids, paging) {
  const { done, fault } = await restoreMany(path, ids);
  await paging.unhide(done);
  if (fault) throw fault;
}

/** Brings deleted ones back. */
export async function restore({ path, paging, selection, ids }, tell) {
  const { done, fault } = await restoreMany(path, await ids(), { onProgress: tell });
  if (done.length > 0) {
    paging.hide(done);
    selection.clear();
    const undo = async () => {
      const again = await removeMany(path, done);
      await paging.unhide(again.done);
      if (again.fault) throw again.fault;
    };
    say(words.records.bulk.restore.done(done.length), { undo });
  }
  if (fault) sayFault(fault);
}

/** Deletes for good what was deleted softly. */
export function purge(act) {
  return askFirst(act, 'purge', purgeMany);
}

/** Deletes in a collection that keeps nothing of it. */
export function removeForGood(act) {
  return askFirst(act, 'remove', removeMany);
}

function askFirst({ path, paging, selection, ids, goAlong }, name, how) {
  const { bulk } = words.records;
  return ask({
    title: bulk[name].ask(selection.count),
    lead: html`<p>${bulk.forGood}</p>${goAlong.length > 0 && html`<p>${bulk.goAlong(goAlong.join(', '))}</p>`}`,
    action: bulk[name].action,
    busy: bulk[name].busyShort,
    act: async () => {
      const { done, fault } = await how(path, await ids());
      paging.hide(done);
      if (fault) throw fault;
      selection.clear();
      say(bulk[name].done(done.length));
    },
  });
}
