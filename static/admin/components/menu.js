import { html } from '../view.js';
import { Button, IconButton } from './button.js';
import { Icon } from './icon.js';
import { usePopup } from './popup.js';

/**
 * A button that opens a list of actions: `[{ label, icon, onClick | href, isDanger }]`; what is
 * falsy among them is left out. Arrow keys walk through it, Escape closes it.
 */
export function Menu({ label, icon = 'ellipsis-vertical', isLabelShown = false, kind = 'quiet', items }) {
  const { id, place, isOpen, close, leave, button } = usePopup('[role=menuitem]');
  const tied = { 'aria-haspopup': 'menu', ...button };
  const keys = (event) => walk(event, place.current, close);
  return html`
    <div class="menu" ref=${place} onKeyDown=${isOpen ? keys : null} onFocusOut=${leave}>
      ${isLabelShown ? html`<${Button} kind=${kind} icon=${icon} ...${tied}>${label}<//>` : html`<${IconButton} icon=${icon} label=${label} kind=${kind} ...${tied} />`}
      ${isOpen &&
      html`<div class="menu-list" role="menu" id=${id} aria-label=${label} onMouseDown=${keepFocus}>
        ${items.filter(Boolean).map((item) => html`<${Item} key=${item.label} ...${item} close=${close} />`)}
      </div>`}
    </div>
  `;
}

function Item({ label, icon, href, onClick, isDanger, close }) {
  const look = { class: `menu-item ${isDanger ? 'menu-item-danger' : ''}`, role: 'menuitem', tabindex: '-1' };
  const content = html`${icon && html`<${Icon} name=${icon} />`}${label}`;
  if (href) return html`<a ...${look} href=${href} onClick=${close}>${content}</a>`;
  const click = () => {
    close();
    onClick();
  };
  return html`<button ...${look} type="button" onClick=${click}>${content}</button>`;
}

/** A press beside the items leaves the focus on one of them, so that the keys go on. */
function keepFocus(event) {
  event.preventDefault();
}

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

function walk(event, place, close) {
  const items = Array.from(place.querySelectorAll('[role=menuitem]'));
  const at = items.indexOf(document.activeElement);
  const next = { Home: 0, End: items.length - 1 }[event.key] ?? (STEPS[event.key] && (at + STEPS[event.key] + items.length) % items.length);
  if (next !== undefined) items[next].focus();
  else if (event.key === 'Escape') close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
