import { useState } from '../../view.js';

/** A record that is made to be pointed at: `[making, make]`, where `make(definition, text)` resolves to it, or to null. */
export function useMaking() {
  const [making, setMaking] = useState(null);
  const make = (definition, text) =>
    new Promise((resolve) => {
      const end = (record) => {
        setMaking(null);
        resolve(record);
      };
      setMaking({ definition, text, end });
    });
  return [making, make];
}
