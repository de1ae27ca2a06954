import { Button } from '../../components/button.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { BulkActions } from './bulk.js';
import { goAlong } from './go-along.js';
import { NewRecord } from './head.js';
import { SelectAll } from './table.js';

/** What stands below the rows: how many there are; while some are selected, what can be done with them. */
export function Foot({ isNarrow, onNew, place, onWindow, ...list }) {
  const { definition, definitions, rows, total, paging, selection } = list;
  const { records } = words;
  if (selection.isAll || selection.count > 0) {
    const along = goAlong(definition, definitions);
    return html`
      <div class="records-foot is-selected">
        ${isNarrow && html`<${SelectAll} selection=${selection} rows=${rows} />`}
        <${BulkActions} ...${list} goAlong=${along} onEdit=${() => onWindow('edit')} onExport=${() => onWindow('export')} />
      </div>
    `;
  }
  return html`
    <div class="records-foot">
      <p class="total" role="status">${rows.length > 0 && records.total(rows.length, total, paging.hasMore)}</p>
      ${isNarrow && onNew && html`<${NewRecord} place=${place} />`}
    </div>
  `;
}

/** More of the rows, in place. */
export function ShowMore({ paging }) {
  const { hasMore, more, isMoreBusy, moreFault } = paging;
  if (!hasMore) return null;
  return html`
    <div class="records-more">
      <${Button} busy=${isMoreBusy && words.moreBusy} onClick=${more}>${words.more}<//>
      ${moreFault && html`<p class="field-fault" role="alert">${words.records.moreFailed}</p>`}
    </div>
  `;
}
