import { html } from '../view.js';
import { Button } from './button.js';
import { usePopup } from './popup.js';

/**
 * A button that opens a small box of inputs below it; what is changed there counts at once. Escape
 * and whatever is done outside close it.
 */
export function Popover({ label, icon, kind = 'plain', children }) {
  const { id, place, isOpen, close, leave, button } = usePopup('.popover input, .popover button');
  const keys = (event) => {
    if (event.key !== 'Escape' || !isOpen) return;
    event.stopPropagation();
    close();
  };
  return html`
    <div class="menu" ref=${place} onKeyDown=${keys} onFocusOut=${leave}>
      <${Button} kind=${kind} icon=${icon} title=${label} ...${button}><span class="button-words">${label}</span><//>
      ${isOpen && html`<div class="menu-list popover" id=${id} role="group" aria-label=${label}>${children}</div>`}
    </div>
  `;
}
