import { Icon } from '../../components/icon.js';
import { say } from '../../components/toasts.js';
import { subject } from '../../components/permission-list.js';
import { ALL, isHalf, parts, toggled, wider } from '../../permissions.js';
import { useAllows } from '../../session.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';

/**
 * One permission of a role, given or not. Where it cannot be changed here it can be reached all the
 * same, and says why: a wider permission brings it along, or the reader does not hold it.
 */
export function Cell({ role, permissions, isFixed, onChange, wanted, label, isInTable = false }) {
  const allows = useAllows();
  const isOwn = permissions.includes(wanted);
  const isOfHalf = isHalf(permissions, wanted);
  const by = isOwn || isOfHalf ? undefined : wider(permissions, wanted);
  const { cell } = words.roles;
  const why = (isFixed && cell.fixed) || (by && cell.impliedBy(by)) || (!allows(wanted) && cell.notHeld) || '';
  const turn = (event) => {
    if (!why) {
      onChange(toggled(permissions, wanted));
      return;
    }
    event.preventDefault();
    if (!isFixed) say(`${named(wanted)}: ${why}`, { kind: 'info' });
  };
  const name = `${cell.label(role, named(wanted))}${why && `. ${why}`}`;
  return html`
    <label class=${`role-cell ${isInTable ? 'role-cell-of-table' : ''}`} title=${why || wanted}>
      <input type="checkbox" aria-label=${name} checked=${isOwn || isOfHalf || Boolean(by)} aria-disabled=${why ? 'true' : null} onClick=${turn} />
      <span class="role-action">${label}</span>
      ${by && html`<${Icon} name="link-2" />`}
    </label>
  `;
}

/** `update posts`, as one reads it. */
function named(permission) {
  if (permission === ALL) return words.roles.matrix.everything;
  const { resource, action } = parts(permission);
  return words.roles.cell.of(words.permissions.actions[action] ?? action, subject(resource));
}
