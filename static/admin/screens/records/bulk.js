import { Button, IconButton } from '../../components/button.js';
import { sayFault } from '../../components/toasts.js';
import { recordsPath } from '../../names.js';
import { html, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { everyId, purge, remove, removeForGood, restore } from './bulk-acts.js';

/** What can be done with the selected records, all at once. `can` says what the caller may. */
export function BulkActions({ definition, can, isTrash, rows, total, selection, conditions, paging, goAlong, onEdit, onExport }) {
  const [busy, setBusy] = useState(null);
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
    setBusy(null);
  };
  const ids = () => (selection.isAll ? everyId(path, conditions, selection.count) : selection.ids);
  const act = { path, definition, paging, selection, ids, goAlong };
  const button = (name, icon, onClick, kind) => html`
    <${Button} kind=${kind} icon=${icon} title=${bulk[name].action} busy=${busy?.name === name && busy.text} disabled=${busy !== null && busy.name !== name} onClick=${onClick}>
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
