import { html } from '../../view.js';
import { RecordPanel } from '../record/panel.js';

/** The record that is open over the list: one of its own, or one that a relation led to. */
export function Panels({ definition, definitions, id, view, place, paging, isTrash }) {
  const [collection, followed] = place.followed?.split('/') ?? [];
  const target = definitions.find(({ name }) => name === collection);
  if (id) {
    const next = paging.rows[paging.rows.findIndex((record) => record.id === id) + 1];
    const onNext = id !== 'new' && next && (() => place.open(next.id));
    return html`
      <${RecordPanel} collection=${definition} id=${id} view=${view} onClose=${place.close} onNext=${onNext || undefined} onChanged=${(change) => taken(change, paging, isTrash)} />
    `;
  }
  if (!target) return null;
  // Titles of it may stand anywhere in the list.
  return html`<${RecordPanel} collection=${target} id=${followed} onClose=${place.close} onChanged=${() => paging.load.reload()} />`;
}

/** The rows follow what the panel has done, without moving. */
function taken({ kind, record }, paging, isTrash) {
  if (kind === 'created') return paging.prepend(record.id);
  if (kind === 'updated') return paging.refresh([record.id]);
  // Out of the deleted ones a record goes either way.
  return isTrash || kind === 'deleted' ? paging.hide([record.id]) : paging.unhide([record.id]);
}
