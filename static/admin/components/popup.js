import { useEffect, useId, useRef, useState } from '../view.js';

/**
 * What opens below a button within `place`, closed by whatever is done outside of it: `{ id, place,
 * isOpen, close, leave, button }`. `first` (a selector) says what has the focus then; `leave` is
 * for `onFocusOut` of the place; `button` are the attributes that tie the button to it.
 */
export function usePopup(first) {
  const [isOpen, setOpen] = useState(false);
  const place = useRef(null);
  const id = useId();
  useEffect(() => {
    if (!isOpen) return undefined;
    place.current.querySelector(first)?.focus();
    const outside = (event) => place.current?.contains(event.target) || setOpen(false);
    addEventListener('pointerdown', outside);
    return () => removeEventListener('pointerdown', outside);
  }, [isOpen]);
  const close = () => {
    setOpen(false);
    place.current.querySelector('button').focus();
  };
  // A press on words or on nothing gives the focus to what is around the box: that is no leaving.
  const leave = ({ relatedTarget: next }) => next && !place.current.contains(next) && !next.contains(place.current) && setOpen(false);
  const button = { 'aria-expanded': String(isOpen), 'aria-controls': isOpen ? id : null, onClick: () => setOpen(!isOpen) };
  return { id, place, isOpen, close, leave, button };
}
