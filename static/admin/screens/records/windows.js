import { html } from '../../view.js';
import { BulkEdit } from './bulk-edit.js';
import { Export } from './export.js';
import { FilterBuilder } from './filter-builder.js';
import { Import } from './import.js';

/** The window that is open over the list, by its name: `filter`, `edit`, `export` or `import`. */
export function Windows({ open, onWindow, ...list }) {
  const { can, place, paging, selection } = list;
  const close = () => onWindow(null);
  const apply = (filter) => {
    close();
    place.filter(filter);
  };
  switch (open) {
    case 'filter':
      return html`<${FilterBuilder} ...${list} filter=${place.query.filter ?? ''} onApply=${apply} onClose=${close} />`;
    case 'edit':
      return html`<${BulkEdit} ...${list} onClose=${close} />`;
    case 'export':
      return html`<${Export} ...${list} selection=${selection.count > 0 ? selection : null} sort=${place.query.sort} onClose=${close} />`;
    case 'import':
      return html`<${Import} ...${list} canUpdate=${can('update')} onDone=${paging.load.reload} onClose=${close} />`;
    default:
      return null;
  }
}
