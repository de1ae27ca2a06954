import { reloadDefinitions } from '../../definitions.js';
import { useNarrow } from '../../narrow.js';
import { html, useEffect, useMemo, useState } from '../../view.js';
import { Bar } from './bar.js';
import { rightsOf } from './can.js';
import { RecordCards } from './cards.js';
import { Chips } from './chips.js';
import { useColumns } from './columns.js';
import { Foot, ShowMore } from './foot.js';
import { Head } from './head.js';
import { useInlineEdit } from './inline-edit.js';
import { useListKeys } from './keys.js';
import { useRecords } from './paging.js';
import { Panels } from './panels.js';
import { usePlace } from './place.js';
import { conditionsOf, orderOf, partOf } from './request.js';
import { Rows } from './rows.js';
import { useSelection } from './selection.js';
import { RecordTable } from './table.js';
import { Windows } from './windows.js';

/** The list of a collection's records with all that can be done with them. */
export function RecordList({ definition, definitions, id, view }) {
  const place = usePlace(definition);
  const list = useList(definition, definitions, place.query);
  const { paging, selection, isTrash, can, columns } = list;
  const [open, setOpen] = useState(null);
  const edit = useInlineEdit({ definition, paging, openedAt: place.openedAt, isAllowed: can('update') && !isTrash });
  const onNew = can('create') && !isTrash ? place.make : null;
  useListKeys({ onNew, onToggle: selection.toggle, onEdit: edit.start, onOpen: place.open, canEdit: edit.canEdit, onClear: selection.clear });

  const isNarrow = useNarrow();
  const shared = { ...list, definition, definitions, place, onNew, columns: columns.columns, rows: paging.rows, isStale: !paging.isCurrent, onWindow: setOpen };
  const row = { linkTo: place.linkTo, openedAt: place.openedAt, onOpen: place.open, onEdit: edit.start, canEdit: edit.canEdit, editing: edit.editing, onEdited: edit.end };
  const List = isNarrow ? RecordCards : RecordTable;
  return html`
    <div class="page page-wide records" aria-busy=${String(paging.load.isBusy)}>
      <${Head} ...${shared} isNarrow=${isNarrow} />
      <${Bar} ...${shared} columns=${columns} isNarrow=${isNarrow} />
      <${Chips} ...${shared} />
      <${Rows} ...${shared} isNarrow=${isNarrow}>
        <${List} ...${shared} ...${row}><${ShowMore} paging=${paging} /><//>
      <//>
      <${Foot} ...${shared} isNarrow=${isNarrow} />
      <${Windows} ...${shared} open=${open} />
      <${Panels} ...${shared} id=${id} view=${view} />
    </div>
  `;
}

/** What the list shows, by its address and by what its reader has chosen. */
function useList(definition, definitions, query) {
  const isTrash = query.trashed === 'only';
  const columns = useColumns(definition, isTrash);
  const conditions = useMemo(() => conditionsOf(definition, query), [definition, query.search, query.filter, query.trashed]);
  const part = useMemo(() => partOf(definition, definitions, columns.columns, isTrash), [definition, definitions, columns.columns, isTrash]);
  const paging = useRecords(definition, { conditions, order: orderOf(definition, query), part });
  useChangedElsewhere(paging.load.fault);
  const selection = useSelection(paging.rows, paging.total, conditions);
  return { isTrash, columns, conditions, paging, selection, total: paging.total, can: useMemo(() => rightsOf(definition), [definition]) };
}

/**
 * A collection that is not there, or a field that is not, may have gone since the definitions were
 * loaded: they are loaded anew, and the screen says or asks what is right by then.
 */
function useChangedElsewhere(fault) {
  useEffect(() => {
    const isOfFields = fault?.issues?.some(({ field }) => field === 'fields' || field === 'expand' || field === 'sort');
    if (fault?.status === 404 || isOfFields) reloadDefinitions();
  }, [fault]);
}
