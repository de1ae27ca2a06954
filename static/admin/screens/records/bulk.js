import { ask } from '../../components/ask.js';
import { Button, IconButton } from '../../components/button.js';
import { say, sayFault } from '../../components/toasts.js';
import { recordsPath } from '../../names.js';
import { html, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { allIds, purgeMany, removeMany, restoreMany } from './many.js';

/** What can be done with the selected records, all at once. `can` says what the caller may. */
export function BulkActions({ definition, can, isTrash, rows, total, selection, conditions, paging, goAlong, onEdit, onExport }) {
  const [busy, setBusy] = useState('');
  const { bulk } = words.records;
  const path = recordsPath(definition.name);
  const isPart = !selection.isAll && selection.count === rows.length && total !== null && total > rows.length;

  // One thing at a time; how far it has come stands on its button.
  const doing = (name, work) => async () => {
    setBusy({ name, text: bulk[name].busy(0, selection.count) });
    try {
      await work((done) => setBusy({ name, text: bulk[name].busy(done, selection.count) }));
    } catch (fault) {
      sayFault(fault);
    }
    setBusy('');
  };
  const ids = () => (selection.isAll ? everyId(path, conditions, selection.count) : selection.ids);
  const act = { path, definition, paging, selection, ids, goAlong };
  const button = (name, icon, onClick, kind) => html`
    <${Button} kind=${kind} icon=${icon} title=${bulk[name].action} busy=${busy.name === name && busy.text} disabled=${Boolean(busy) && busy.name !== name} onClick=${onClick}>
      <span class="button-words">${bulk[name].action}</span>
    <//>
  `;
  const canRemove = can('delete');
  return html`
    <p class="records-selected" role="status">${bulk.selected(selection.count)}</p>
    ${isPart && html`<${Button} kind="quiet" onClick=${selection.all}>${bulk.all(total)}<//>`}
    <div class="actions">
      ${!isTrash && can('update') && button('edit', 'pencil', onEdit)}
      ${button('export', 'download', onExport)}
      ${isTrash && can('restore') && button('restore', 'undo-2', doing('restore', (tell) => restore(act, tell)))}
      ${isTrash && can('purge') && button('purge', 'trash-2', () => purge(act), 'danger')}
      ${!isTrash && canRemove && (definition.deletion === 'hard'
        ? button('remove', 'trash-2', () => removeForGood(act), 'danger')
        : button('remove', 'trash-2', doing('remove', (tell) => remove(act, tell)), 'danger'))}
      <${IconButton} icon="x" label=${bulk.clear} onClick=${selection.clear} />
    </div>
  `;
}

/** All that fit; refused where they are not as many as were shown, since nobody has seen the others. */
async function everyId(path, conditions, shown) {
  const ids = await allIds(path, conditions);
  if (shown !== null && ids.length !== shown) throw new Error(words.records.bulk.changedMeanwhile(ids.length));
  return ids;
}

async function remove({ path, definition, paging, selection, ids }, tell) {
  const { done, fault } = await removeMany(path, await ids(), { onProgress: tell });
  if (done.length > 0) {
    paging.hide(done);
    selection.clear();
    say(words.records.bulk.remove.done(done.length), { undo: canUndo(definition) && (() => bringBack(path, done, paging)) });
  }
  if (fault) sayFault(fault);
}

async function bringBack(path, ids, paging) {
  const { done, fault } = await restoreMany(path, ids);
  await paging.unhide(done);
  if (fault) throw fault;
}

async function restore({ path, paging, selection, ids }, tell) {
  const { done, fault } = await restoreMany(path, await ids(), { onProgress: tell });
  if (done.length > 0) {
    paging.hide(done);
    selection.clear();
    const undo = async () => {
      await removeMany(path, done);
      await paging.unhide(done);
    };
    say(words.records.bulk.restore.done(done.length), { undo });
  }
  if (fault) sayFault(fault);
}

function purge(act) {
  return askFirst(act, 'purge', purgeMany);
}

function removeForGood(act) {
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

/** Only what was deleted softly comes back. */
function canUndo({ deletion, can }) {
  return deletion !== 'hard' && (can?.restore ?? true);
}
