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
  const [typed, type] = useState(null);
  const [active, setActive] = useState(-1);
  const isOpen = typed !== null;
  const { options, isBusy, fault } = useOptions(find, typed);
  useEffect(() => setActive(options.length > 0 && typed ? 0 : -1), [options]);
  useEffect(() => place.current.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }), [active]);

  const close = () => type(null);
  const choose = (option) => {
    close();
    if (option.act) option.act(typed);
    else onChoose(option);
  };
  const press = (event) => {
    const handled = keys({ key: event.key, isOpen, active, options, open: () => type(''), setActive, choose, close });
    if (!handled) return;
    // Enter would send the form, and Escape close the window.
    event.preventDefault();
    event.stopPropagation();
  };
  const leave = (event) => place.current.contains(event.relatedTarget) || close();
  const shown = active >= 0 && isOpen ? options[active] : null;
  const list = isOpen && html`
    <${List} id=${id} label=${input['aria-label'] ?? words.combobox.options} options=${options} active=${active} choose=${choose} isBusy=${isBusy} fault=${fault} />
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
          aria-activedescendant=${shown ? `${id}-${active}` : null}
          value=${isOpen && (typed !== '' || text === '') ? typed : text}
          onInput=${(event) => type(event.currentTarget.value)}
          onClick=${(event) => { if (!isOpen && !event.currentTarget.readOnly) type(''); }}
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

/** The options for what is typed, asked for after a pause; those before stay until the next are there. */
function useOptions(find, typed) {
  const [state, setState] = useState({ options: [], isBusy: false, fault: null });
  useEffect(() => {
    if (typed === null) {
      setState({ options: [], isBusy: false, fault: null });
      return undefined;
    }
    const running = new AbortController();
    setState((was) => ({ ...was, isBusy: true }));
    const timer = setTimeout(async () => {
      try {
        const options = await find(typed, running.signal);
        if (!running.signal.aborted) setState({ options, isBusy: false, fault: null });
      } catch (fault) {
        if (!running.signal.aborted) setState({ options: [], isBusy: false, fault });
      }
    }, typed === '' ? 0 : PAUSE_MS);
    return () => {
      clearTimeout(timer);
      running.abort();
    };
  }, [typed]);
  return state;
}

/** What a key does; false where it is an ordinary one. */
function keys({ key, isOpen, active, options, open, setActive, choose, close }) {
  const last = options.length - 1;
  if (!isOpen) {
    if (key !== 'ArrowDown' && key !== 'ArrowUp') return false;
    open();
  } else if (key === 'ArrowDown') setActive(active >= last ? 0 : active + 1);
  else if (key === 'ArrowUp') setActive(active <= 0 ? last : active - 1);
  else if (key === 'Enter' && options[active]) choose(options[active]);
  else if (key === 'Escape') close();
  else return key === 'Enter';
  return true;
}
