import { useState } from '../../view.js';

/**
 * Dragging of a row by its grip, with a mouse, a pen or a finger. The list is put into its new order
 * while it is dragged. The keyboard has buttons for the same.
 */
export function useDragging(list, items, move) {
  const [key, setKey] = useState(null);
  const gripOf = (mine) => ({
    onPointerDown: (event) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setKey(mine);
    },
    onPointerMove: (event) => {
      if (key !== mine) return;
      const at = items.findIndex((item) => item.key === mine);
      const to = placeAt(list.current, event.clientY, at);
      if (to !== at) move(mine, to);
    },
    onPointerUp: () => setKey(null),
    onPointerCancel: () => setKey(null),
    onLostPointerCapture: () => setKey(null),
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
