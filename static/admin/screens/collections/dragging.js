import { useEffect, useRef, useState } from '../../view.js';

/**
 * Dragging of a row by its grip, with a mouse, a pen or a finger. The list is put into its new order
 * while it is dragged. The keyboard has buttons for the same.
 */
export function useDragging(list, items, move) {
  const [key, setKey] = useState(null);
  const now = useRef(null);
  now.current = { items, move };
  useEffect(() => {
    if (!key) return undefined;
    const drag = ({ clientY }) => {
      const at = now.current.items.findIndex((item) => item.key === key);
      const to = placeAt(list.current, clientY, at);
      if (to !== at) now.current.move(key, to);
    };
    const end = () => setKey(null);
    // On the window, because a row that moves in the page loses what it has captured.
    const heard = { pointermove: drag, pointerup: end, pointercancel: end };
    for (const [name, hear] of Object.entries(heard)) addEventListener(name, hear);
    return () => {
      for (const [name, hear] of Object.entries(heard)) removeEventListener(name, hear);
    };
  }, [key]);
  const gripOf = (mine) => ({
    onPointerDown: (event) => {
      if (event.button !== 0) return;
      // Else the texts of the rows would be marked.
      event.preventDefault();
      setKey(mine);
    },
  });
  return { key, gripOf };
}

/** The place whose middle the pointer has passed. */
function placeAt(list, y, at) {
  const middles = Array.from(list.children, (row) => {
    const { top, height } = row.getBoundingClientRect();
    return top + height / 2;
  });
  let to = at;
  while (to > 0 && y < middles[to - 1]) to -= 1;
  while (to < middles.length - 1 && y > middles[to + 1]) to += 1;
  return to;
}
