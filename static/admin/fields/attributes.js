// The attributes of an `<input>` for a type whose values fit one line.

const INPUTS = {
  text: { type: 'text' },
  email: { type: 'email', autocapitalize: 'none', spellcheck: false },
  url: { type: 'url', autocapitalize: 'none', spellcheck: false },
  // As they are written: a browser's own input for numbers would round some and refuse others.
  integer: { type: 'text', inputmode: 'numeric', spellcheck: false },
  number: { type: 'text', inputmode: 'decimal', spellcheck: false },
  decimal: { type: 'text', inputmode: 'decimal', spellcheck: false },
  date: { type: 'date' },
  datetime: { type: 'datetime-local', step: 'any' },
};

/** True for a type that has such an input. */
export const isInput = (type) => type in INPUTS;

/** Those of a field; what is not known yet is written as a text. */
export function inputOf(field) {
  const attributes = INPUTS[field.type] ?? { ...INPUTS.text, spellcheck: false };
  return { autocomplete: 'off', ...attributes, ...(attributes.inputmode && canBeNegative(field) && { inputmode: 'text' }) };
}

// The keyboard for numbers of some phones has no minus.
function canBeNegative({ min }) {
  return min === undefined || Number(min) < 0;
}
