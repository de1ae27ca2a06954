import { Button, IconButton } from '../../components/button.js';
import { Fault } from '../../components/labelled.js';
import { html, useEffect, useRef } from '../../view.js';
import { words } from '../../words/index.js';

/** The options of a select: texts in their order. Enter adds one behind. */
export function OptionList({ field, set, issue, issues }) {
  const options = field.options ?? [];
  const list = useRef(null);
  const wanted = useRef(null);
  const w = words.fieldWords;
  useEffect(() => {
    if (wanted.current === null) return;
    list.current.querySelectorAll('input')[wanted.current]?.focus();
    wanted.current = null;
  });
  const put = (next, focus = null) => {
    wanted.current = focus;
    set('options', next);
  };
  const change = (at, text) => put(options.map((option, place) => (place === at ? text : option)));
  const add = (at) => put([...options.slice(0, at), '', ...options.slice(at)], at);
  const remove = (at) => put(options.filter((_, place) => place !== at), Math.max(at - 1, 0));
  const up = (at) => put([...options.slice(0, at - 1), options[at], options[at - 1], ...options.slice(at + 1)], at - 1);
  const keys = (at) => (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    add(at + 1);
  };
  return html`
    <fieldset class="col-options">
      <legend>${w.options}</legend>
      <p class="field-help">${w.optionsHelp}</p>
      <ol ref=${list}>
        ${options.map((option, at) => {
          const fault = issues[`${field.key}.options[${at}]`];
          return html`
            <li key=${at}>
              <div class="control">
                <input aria-label=${w.option(at + 1)} aria-invalid=${fault ? 'true' : null} value=${option} maxlength="200" autocomplete="off" onInput=${(event) => change(at, event.currentTarget.value)} onKeyDown=${keys(at)} />
                <${IconButton} icon="arrow-up" label=${w.optionUp(option || w.option(at + 1))} disabled=${at === 0} onClick=${() => up(at)} />
                <${IconButton} icon="x" label=${w.removeOption(option || w.option(at + 1))} onClick=${() => remove(at)} />
              </div>
              ${fault && html`<${Fault} issue=${fault} />`}
            </li>
          `;
        })}
      </ol>
      ${issue && html`<${Fault} issue=${issue} />`}
      <${Button} icon="plus" onClick=${() => add(options.length)}>${w.addOption}<//>
    </fieldset>
  `;
}
