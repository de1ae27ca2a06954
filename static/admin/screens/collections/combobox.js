import { Labelled } from '../../components/labelled.js';
import { html, useEffect, useId, useRef, useState } from '../../view.js';
import { words } from '../../words/index.js';

const WAIT_MS = 200;

/**
 * A text that finds one of many. `search(text)` resolves to `[{ value, label, note }]`; `onChoose`
 * gets the one that was chosen, or null where the text was emptied. `value` is the one chosen so far.
 */
export function Combobox({ label, help, issue, value, search, onChoose, placeholder, disabled }) {
  const id = useId();
  const [text, setText] = useState(null);
  const [found, setFound] = useState({ items: [], isOpen: false, at: -1 });
  useSearch(text, search, setFound);
  const choose = (item) => {
    onChoose(item);
    setText(null);
    setFound({ items: [], isOpen: false, at: -1 });
  };
  const close = () => setFound((was) => ({ ...was, isOpen: false }));
  const input = (event) => {
    if (event.currentTarget.value === '') onChoose(null);
    setText(event.currentTarget.value);
  };
  const leave = () => {
    close();
    setText(null);
  };
  const { items, isOpen, at } = found;
  return html`
    <${Labelled} label=${label} help=${help} issue=${issue}>
      ${(tied) => html`
        <div class="col-combobox">
          <div class="control">
            <input
              ...${tied}
              type="text"
              role="combobox"
              autocomplete="off"
              aria-autocomplete="list"
              aria-expanded=${String(isOpen)}
              aria-controls=${`${id}-list`}
              aria-activedescendant=${isOpen && at >= 0 ? `${id}-${at}` : null}
              placeholder=${placeholder}
              disabled=${disabled}
              value=${text ?? value?.label ?? ''}
              onInput=${input}
              onFocus=${() => setText('')}
              onClick=${() => setText((was) => was ?? '')}
              onBlur=${leave}
              onKeyDown=${(event) => walk(event, found, setFound, choose, close)}
            />
          </div>
          <ul class="col-choices" role="listbox" id=${`${id}-list`} aria-label=${label} hidden=${!isOpen}>
            ${items.map(
              (item, place) => html`
                <li
                  key=${item.value}
                  id=${`${id}-${place}`}
                  role="option"
                  aria-selected=${String(place === at)}
                  onPointerDown=${(event) => event.preventDefault()}
                  onClick=${() => choose(item)}
                >
                  <span>${item.label}</span>${item.note && html` <small>${item.note}</small>`}
                </li>
              `,
            )}
          </ul>
          ${isOpen && items.length === 0 && html`<p class="col-choices hint" role="status">${words.collectionEditor.noneFound}</p>`}
        </div>
      `}
    <//>
  `;
}

/** Asks a moment after the last letter; the answer to an older question counts no more. */
function useSearch(text, search, setFound) {
  const asked = useRef(0);
  useEffect(() => {
    asked.current += 1;
    const mine = asked.current;
    if (text === null) return undefined;
    const ask = async () => {
      const items = await search(text).catch(() => []);
      if (mine === asked.current) setFound({ items, isOpen: true, at: items.length > 0 && text ? 0 : -1 });
    };
    const timer = setTimeout(ask, text ? WAIT_MS : 0);
    return () => clearTimeout(timer);
  }, [text]);
}

function walk(event, { items, isOpen, at }, setFound, choose, close) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && items.length > 0) setFound((was) => ({ ...was, isOpen: true, at: (at + step + items.length) % items.length }));
  else if (event.key === 'Enter' && isOpen) {
    // Where nothing was chosen, Enter does not send the form either.
    if (items[at]) choose(items[at]);
  }
  else if (event.key === 'Escape' && isOpen) close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
