import { html, useEffect, useId, useRef, useState } from '../view.js';
import { Button } from './button.js';

/**
 * A button that opens a small box of inputs below it; what is changed there counts at once. Escape
 * and whatever is done outside close it.
 */
export function Popover({ label, icon, kind = 'plain', children }) {
  const [isOpen, setOpen] = useState(false);
  const place = useRef(null);
  const id = useId();
  useEffect(() => {
    if (!isOpen) return undefined;
    place.current.querySelector('.popover input, .popover button')?.focus();
    const outside = (event) => place.current?.contains(event.target) || setOpen(false);
    addEventListener('pointerdown', outside);
    return () => removeEventListener('pointerdown', outside);
  }, [isOpen]);
  const keys = (event) => {
    if (event.key !== 'Escape' || !isOpen) return;
    event.stopPropagation();
    setOpen(false);
    place.current.querySelector('button').focus();
  };
  // A press on words or on nothing gives the focus to what is around the box: that is no leaving.
  const leave = ({ relatedTarget: next }) => next && !place.current.contains(next) && !next.contains(place.current) && setOpen(false);
  return html`
    <div class="menu" ref=${place} onKeyDown=${keys} onFocusOut=${leave}>
      <${Button} kind=${kind} icon=${icon} title=${label} aria-expanded=${String(isOpen)} aria-controls=${isOpen ? id : null} onClick=${() => setOpen(!isOpen)}>
        <span class="button-words">${label}</span>
      <//>
      ${isOpen && html`<div class="menu-list popover" id=${id} role="group" aria-label=${label}>${children}</div>`}
    </div>
  `;
}
