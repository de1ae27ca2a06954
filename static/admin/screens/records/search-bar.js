import { Icon } from '../../components/icon.js';
import { useTyped } from '../../components/search-field.js';
import { typeIcon } from '../../fields/types.js';
import { apiName } from '../../names.js';
import { html, useId, useRef, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { completions, isExpression } from './expression.js';

/**
 * One box for words and expressions. `text` is what counts now; `onAsk({ search } | { filter })` gets
 * what was asked for by Enter, or by emptying the box.
 */
export function SearchBar({ definition, text, issue, onAsk }) {
  const [typed, setTyped, sent] = useTyped(text);
  const input = useRef(null);
  const id = useId();
  const complete = useCompletion(definition, input, typed, setTyped);
  const { found, at } = complete;
  const send = (next) => {
    sent.current = next.trim();
    onAsk(asked(next, definition));
  };
  const ask = (event) => {
    event?.preventDefault();
    complete.close();
    send(typed);
  };
  const type = (event) => {
    setTyped(event.currentTarget.value);
    complete.open(event.currentTarget.selectionStart);
    // The little cross of the box, or a select-all and delete: nothing is asked any more.
    if (event.currentTarget.value === '' && text !== '') send('');
  };
  const described = issue ? `${id}-fault` : null;
  return html`
    <form class="records-search" role="search" onSubmit=${ask}>
      <div class="control">
        <${Icon} name="search" />
        <input
          ref=${input}
          type="search"
          class=${isExpression(typed, definition) ? 'code-input' : ''}
          role="combobox"
          autocomplete="off"
          autocapitalize="none"
          spellcheck=${false}
          aria-label=${words.records.search}
          aria-autocomplete="list"
          aria-expanded=${String(found.length > 0)}
          aria-controls=${`${id}-list`}
          aria-activedescendant=${at >= 0 ? `${id}-${at}` : null}
          aria-invalid=${issue ? 'true' : null}
          aria-describedby=${described}
          placeholder=${words.records.searchHint(example(definition))}
          value=${typed}
          onInput=${type}
          onKeyDown=${complete.keys}
          onBlur=${complete.close}
        />
      </div>
      <ul class="completions records-completions" role="listbox" id=${`${id}-list`} aria-label=${words.records.completions} hidden=${found.length === 0}>
        ${found.map((one, index) => html`
          <li key=${one.text} id=${`${id}-${index}`} role="option" aria-selected=${String(index === at)} onPointerDown=${(event) => complete.take(one, event)}>
            ${one.type && html`<${Icon} name=${typeIcon(one.type)} />`}<code>${one.text}</code>
          </li>
        `)}
      </ul>
      ${issue && html`<p class="field-fault" id=${described} role="alert"><${Icon} name="circle-alert" /> ${faultText(issue)}</p>`}
    </form>
  `;
}

/** What the typed text asks for. */
export function asked(typed, definition) {
  const text = typed.trim();
  if (!text) return {};
  return isExpression(text, definition) ? { filter: text } : { search: text };
}

const CLOSED = { isOpen: false, at: -1, caret: 0 };
const SHOWN = 8;

/** The list below the box: open while one types, walked by the arrows, taken by Tab or Enter. */
function useCompletion(definition, input, typed, setTyped) {
  const [state, setState] = useState(CLOSED);
  const { caret } = state;
  const found = state.isOpen ? completions(definition, typed, caret).slice(0, SHOWN) : [];
  const close = () => setState(CLOSED);
  const open = (at) => setState({ isOpen: true, at: -1, caret: at });
  const take = ({ insert, from }, event) => {
    event.preventDefault();
    const next = typed.slice(0, from) + insert;
    setTyped(next + typed.slice(caret));
    open(next.length);
    requestAnimationFrame(() => input.current?.setSelectionRange(next.length, next.length));
  };
  const keys = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (found.length === 0) return;
    if (step) setState({ ...state, at: Math.max(-1, Math.min(found.length - 1, state.at + step)) });
    else if (event.key === 'Escape') close();
    else if ((event.key === 'Enter' || event.key === 'Tab') && state.at >= 0) return take(found[state.at], event);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return { found, at: state.at, keys, take, close, open };
}

/** The server's words without the place, and the place in ours. */
function faultText({ message, params }) {
  if (!params?.line) return message;
  return words.records.faultAt(params.line, params.column, message.replace(/^line \d+, column \d+: /, ''));
}

/** An expression that this collection would take. */
function example(definition) {
  const field = definition.fields.find(({ type, hidden }) => ['integer', 'number', 'decimal'].includes(type) && !hidden);
  const text = definition.fields.find(({ type }) => type === 'text');

  if (field) return `${apiName(field.name)} > 10`;
  return text ? `${apiName(text.name)}.startsWith("A")` : 'createdAt > "2026-01-15"';
}
