import { announce } from '../../components/announce.js';
import { Labelled } from '../../components/labelled.js';
import { Icon } from '../../components/icon.js';
import { html, useEffect, useId, useRef, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { completed, completions } from './completion.js';

// How many choices are shown at once.
const SHOWN = 8;
const CLOSED = { items: [], from: 0, at: -1 };

/**
 * An expression, with a list of what can stand at the caret, and its fault at its place. `scope` is
 * what its names mean; `state` is that of the check.
 */
export function RuleInput({ label, help, placeholder, value, issue, state, disabled, scope, onInput }) {
  const id = useId();
  const input = useRef(null);
  const caret = useRef(null);
  const first = useRef(value);
  const [list, setList] = useState(CLOSED);
  const w = words.ruleEditor;
  useEffect(() => {
    if (caret.current === null) return;
    input.current.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });
  const suggest = (isAsked) => {
    const { value: text, selectionStart } = input.current;
    const found = completions(text, selectionStart, scope);
    const isShown = (isAsked || found.isBegun) && found.items.length > 0;
    setList(isShown ? { ...found, at: 0 } : CLOSED);
    if (isShown) announce(w.choicesFound(found.items.length));
  };
  const choose = ({ text }) => {
    const next = completed(value, input.current.selectionStart, list.from, text);
    caret.current = next.caret;
    onInput(next.text);
    setList(CLOSED);
    input.current.focus();
  };
  const type = (event) => {
    onInput(event.currentTarget.value);
    suggest(false);
  };
  const keys = (event) => {
    if (press(event, list, { setList, choose, suggest })) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  const isOpen = list.items.length > 0;
  const place = issue?.params?.line ? issue.params : null;
  return html`
    <${Labelled} label=${label} help=${help} issue=${issue && inWords(issue)}>
      ${(tied) => html`
        <div class="col-rule-input">
          <div class="control">
            <textarea
              ...${tied}
              class="code-input"
              rows="2"
              ref=${input}
              value=${value}
              placeholder=${placeholder}
              readonly=${disabled}
              spellcheck=${false}
              autocapitalize="none"
              aria-autocomplete="list"
              aria-haspopup="listbox"
              aria-controls=${isOpen ? `${id}-list` : null}
              aria-activedescendant=${isOpen ? `${id}-${list.at}` : null}
              onInput=${type}
              onKeyDown=${keys}
              onClick=${() => setList(CLOSED)}
              onBlur=${() => setList(CLOSED)}
            ></textarea>
          </div>
          ${isOpen && html`<${Choices} id=${id} list=${list} choose=${choose} />`}
        </div>
      `}
    <//>
    ${place && html`<${Marked} text=${value} ...${place} />`}
    <p class="col-understood" role="status">
      ${!issue && value && value !== first.current && state?.isChecked && html`<${Icon} name="check" /> ${w.understood}`}
    </p>
  `;
}

/**
 * The list over what is below it, so that nothing moves. It shows those around the active one, and
 * so never scrolls: the keys move in it, and a scrolled place would need a focus of its own.
 */
function Choices({ id, list, choose }) {
  const { choices, kinds } = words.ruleEditor;
  const { items, at } = list;
  const start = Math.max(0, Math.min(at - Math.floor(SHOWN / 2), items.length - SHOWN));
  const note = ({ kind, type, target }) => [type ?? kinds[kind], target].filter(Boolean).join(' ');
  return html`
    <ul class="completions col-choices" role="listbox" id=${`${id}-list`} aria-label=${choices}>
      ${items.slice(start, start + SHOWN).map((item, offset) => {
        const place = start + offset;
        return html`
          <li
            key=${`${item.kind}${item.text}`}
            id=${`${id}-${place}`}
            role="option"
            aria-selected=${String(place === at)}
            aria-posinset=${place + 1}
            aria-setsize=${items.length}
            onPointerDown=${(event) => event.preventDefault()}
            onClick=${() => choose(item)}
          >
            <code>${item.text}</code> <small>${note(item)}</small>
          </li>
        `;
      })}
    </ul>
  `;
}

/** The line in which the fault is, with what is wrong marked. */
function Marked({ text, line, column }) {
  const shown = text.split('\n')[line - 1] ?? '';
  const [before, rest] = [shown.slice(0, column - 1), shown.slice(column - 1)];
  const wrong = /^([\w.]+|\S)/.exec(rest)?.[0] ?? ' ';
  return html`<pre class="col-marked" aria-hidden="true"><code>${before}<mark>${wrong}</mark>${rest.slice(wrong.length)}</code></pre>`;
}

/** The place is shown, and so said once: in words, in front of what is wrong. */
function inWords(issue) {
  const { line, column } = issue.params ?? {};
  if (!line) return issue;
  return { ...issue, code: '', message: `${words.ruleEditor.faultAt(line, column)}: ${issue.message.replace(/^line \d+, column \d+: /, '')}` };
}

function press(event, list, { setList, choose, suggest }) {
  if (event.currentTarget.readOnly) return false;
  const isOpen = list.items.length > 0;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.ctrlKey && event.key === ' ') suggest(true);
  else if (!isOpen) return false;
  else if (step) setList({ ...list, at: (list.at + step + list.items.length) % list.items.length });
  else if (event.key === 'Enter' && !event.shiftKey) choose(list.items[list.at]);
  else if (event.key === 'Escape') setList(CLOSED);
  else return false;
  return true;
}
