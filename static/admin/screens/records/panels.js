import { html } from '../../view.js';
import { RecordPanel } from '../record/panel.js';

/** The record that is open over the list: one of its own, or one that a relation led to. */
export function Panels({ definition, definitions, id, view, place, paging }) {
  const [collection, followed] = place.followed?.split('/') ?? [];
  const target = definitions.find(({ name }) => name === collection);
  if (id) return html`<${RecordPanel} key=${id} collection=${definition} id=${id} view=${view} onClose=${place.close} onChanged=${(change) => taken(change, paging)} />`;
  if (!target) return null;
  // Titles of it may stand anywhere in the list.
  return html`<${RecordPanel} key=${followed} collection=${target} id=${followed} onClose=${place.close} onChanged=${() => paging.load.reload()} />`;
}

/** The rows follow what the panel has done, without moving. */
function taken({ kind, record }, paging) {
  if (kind === 'created') return paging.prepend(record.id);
  if (kind === 'deleted') return paging.hide([record.id]);
  return kind === 'restored' ? paging.unhide([record.id]) : paging.refresh([record.id]);
}
