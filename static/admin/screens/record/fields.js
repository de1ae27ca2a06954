// Which fields an editor shows, and which of them can be changed.
import { fieldsOf } from '../../fields/types.js';

/**
 * The fields of `definition` that this user is shown of `stored` (null for a new record), each with
 * `isReadOnly`. `bypasses` says that no rule binds the user. What a rule says of a record only the
 * API knows: a field that it refuses is told at the field.
 */
export function shownFields(definition, stored, { bypasses, mayWrite }) {
  const isShown = (field) => (stored ? field.key in stored : bypasses || !field.hidden);
  const isReadOnly = ({ writeRule }) => !mayWrite || (writeRule?.trim() === 'false' && !bypasses);
  const shown = fieldsOf(definition).filter(isShown);
  // A new record has no value that could be read.
  return shown.map((field) => ({ ...field, isReadOnly: isReadOnly(field) })).filter((field) => stored || !field.isReadOnly);
}
