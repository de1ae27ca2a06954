import { html, useEffect, useRef, useState } from '../view.js';
import { Field } from './field.js';
import { Icon } from './icon.js';

// As long as somebody types, nothing is asked.
const PAUSE_MS = 250;

/**
 * `[text, setText, sent]`: what stands in a box that asks for `value`. `value` may be changed
 * elsewhere, by a link say, and then stands in the box (`onElsewhere`); but what was asked here,
 * which is put into `sent.current`, is no news, and more may have been typed since.
 */
export function useTyped(value, onElsewhere) {
  const [text, setText] = useState(value);
  const sent = useRef(value);
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setText(value);
    onElsewhere?.();
  }, [value]);
  return [text, setText, sent];
}

/** Words to look for. `onSearch` gets them when typing pauses; `value` is what is looked for. */
export function SearchField({ value, onSearch, ...rest }) {
  const timer = useRef(null);
  const [text, setText, sent] = useTyped(value, () => clearTimeout(timer.current));
  useEffect(() => () => clearTimeout(timer.current), []);
  const type = (event) => {
    const typed = event.currentTarget.value;
    setText(typed);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      sent.current = typed.trim();
      onSearch(sent.current);
    }, PAUSE_MS);
  };
  return html`<${Field} type="search" autocomplete="off" spellcheck=${false} value=${text} onInput=${type} ...${rest} />`;
}

/** Words to find in what is there already: `onSearch` gets them with each letter. `label` stands in the box. */
export function QuickSearch({ label, value, onSearch, look = '' }) {
  return html`
    <div class=${`control ${look}`}>
      <${Icon} name="search" />
      <input type="search" aria-label=${label} placeholder=${label} value=${value} onInput=${(event) => onSearch(event.currentTarget.value)} />
    </div>
  `;
}
