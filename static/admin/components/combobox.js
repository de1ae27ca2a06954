import { html, useEffect, useId, useRef, useState } from '../view.js';
import { words } from '../words/index.js';
import { sentence } from './fault-notice.js';
import { Icon } from './icon.js';

const PAUSE_MS = 150;

/**
 * An input with a list of what could be meant, by the ARIA pattern: typing searches, arrows walk,
 * Enter chooses, Escape closes.
 *
 * - `find(text, signal)`: the options that fit, or a promise of them: `{ value, label, hint, icon }`,
 *   or `{ …, act }` for one that does something instead of being chosen
 * - `onChoose(option)`; what is shown then is `text`, which comes back whenever nothing is chosen
 * - `after` stands behind the input, within its frame; all else is for the input itself
 */
export function Combobox({ find, onChoose, text = '', after, ...input }) {
  const place = useRef(null);
  const id = useId();
  const [asked, ask] = useState(null);
  const [active, setActive] = useState(-1);
  const isOpen = asked !== null;
  const { options, isCurrent, fault } = useOptions(find, asked?.text);
  // Who types faster than the answer comes means the first that fits, not the first of before.
  const isAwaited = useRef(false);
  useEffect(() => {
    setActive(options.length > 0 && asked?.isTyped ? 0 : -1);
    if (isAwaited.current && isCurrent && options[0] && !options[0].act) choose(options[0]);
    isAwaited.current = false;
  }, [options]);
  useEffect(() => place.current.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }), [active]);

  const open = () => ask({ text: '', isTyped: false });
  const close = () => ask(null);
  const choose = (option) => {
    close();
    if (option.act) option.act(asked.text);
    else onChoose(option);
  };
  const enter = () => {
    if (!isCurrent) isAwaited.current = true;
    else if (options[active]) choose(options[active]);
  };
  const press = (event) => {
    if (!keys({ key: event.key, isOpen, active, last: options.length - 1, open, setActive, enter, close })) return;
    // Enter would send the form, and Escape close the window.
    event.preventDefault();
    event.stopPropagation();
  };
  const leave = (event) => {
    // Where all of it goes, the focus leaves it too.
    if (place.current && !place.current.contains(event.relatedTarget)) close();
  };
  const list = isOpen && html`
    <${List} id=${id} label=${input['aria-label'] ?? words.combobox.options} options=${options} active=${active} choose=${choose} isBusy=${!isCurrent} fault=${fault} />
  `;
  return html`
    <div class="combobox" ref=${place} onFocusOut=${leave}>
      <div class="control">
        <input
          type="text"
          role="combobox"
          autocomplete="off"
          spellcheck=${false}
          aria-autocomplete="list"
          aria-expanded=${String(isOpen)}
          aria-controls=${isOpen ? id : null}
          aria-activedescendant=${isOpen && options[active] ? `${id}-${active}` : null}
          value=${asked?.isTyped ? asked.text : text}
          onInput=${(event) => ask({ text: event.currentTarget.value, isTyped: true })}
          onClick=${() => isOpen || open()}
          onFocus=${(event) => event.currentTarget.select()}
          onKeyDown=${press}
          ...${input}
        />
        ${after}
      </div>
      ${list}
    </div>
  `;
}

function List({ id, label, options, active, choose, isBusy, fault }) {
  const said = fault ? sentence(fault) : options.length === 0 && (isBusy ? words.loading : words.combobox.nothing);
  return html`
    <div class="combobox-list">
      <ul role="listbox" id=${id} aria-label=${label}>
        ${options.map(
          (option, at) => html`
            <li
              key=${option.value ?? option.label}
              id=${`${id}-${at}`}
              class="combobox-option"
              role="option"
              aria-selected=${String(at === active)}
              onPointerDown=${(event) => event.preventDefault()}
              onClick=${() => choose(option)}
            >
              ${option.icon && html`<${Icon} name=${option.icon} />`}<span>${option.label}</span>
              ${option.hint && html`<span class="combobox-hint">${option.hint}</span>`}
            </li>
          `,
        )}
      </ul>
      <p class="combobox-said" role="status">${said || ''}</p>
    </div>
  `;
}

/** The options for `text`, asked for after a pause; those before stay until the next are there, but are not `isCurrent`. */
function useOptions(find, text) {
  const [state, setState] = useState({ options: [], of: undefined, fault: null });
  useEffect(() => {
    if (text === undefined) {
      setState({ options: [], of: undefined, fault: null });
      return undefined;
    }
    const running = new AbortController();
    const answer = (found) => running.signal.aborted || setState({ options: [], of: text, fault: null, ...found });
    const look = async () => {
      try {
        answer({ options: await find(text, running.signal) });
      } catch (fault) {
        answer({ fault });
      }
    };
    const timer = setTimeout(look, text === '' ? 0 : PAUSE_MS);
    return () => {
      clearTimeout(timer);
      running.abort();
    };
  }, [text]);
  return { ...state, isCurrent: state.of === text };
}

/** What a key does; false where it is an ordinary one. */
function keys({ key, isOpen, active, last, open, setActive, enter, close }) {
  if (!isOpen) {
    if (key !== 'ArrowDown' && key !== 'ArrowUp') return false;
    open();
  } else if (key === 'ArrowDown') setActive(active >= last ? 0 : active + 1);
  else if (key === 'ArrowUp') setActive(active <= 0 ? last : active - 1);
  else if (key === 'Enter') enter();
  else if (key === 'Escape') close();
  else return false;
  return true;
}
