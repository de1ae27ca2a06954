import { html, useEffect, useRef, useState } from '../view.js';
import { words } from '../words/index.js';
import { Button } from './button.js';
import { useCountdown } from './countdown.js';
import { FaultNotice } from './fault-notice.js';

const NOTHING = { isBusy: false, fault: null, issues: {} };

/**
 * A form that sends its values by `send(values)` and shows what was refused: each fault at its
 * field, the first one focused, the rest above the button. The inputs keep what was typed.
 *
 * `children` is a function from the faults by field name to the fields. Inputs that are `required`
 * and empty are not sent. `values` are those of the inputs by their names; a screen that keeps its
 * own may leave them be. `extra` stands beside the button. With `isReadOnly` there is none.
 *
 * Where Stead asks to wait, the button counts the seconds. With `takesFocus` the first empty field
 * has the focus to begin with: for screens on which there is nothing to read first.
 */
export function Form({ send, submit, busy, explain, extra, label, isReadOnly = false, takesFocus = false, children }) {
  const form = useRef(null);
  const [state, setState] = useState(NOTHING);
  useEffect(() => form.current?.querySelector('[aria-invalid=true]')?.focus(), [state.issues]);
  useEffect(() => takesFocus && firstEmpty(form.current)?.focus(), []);
  const left = useCountdown(state.fault, () => setState(NOTHING));

  const onSubmit = async (event) => {
    event.preventDefault();
    if (state.isBusy || left > 0 || isReadOnly) return;
    const missing = emptyOnes(form.current);
    if (missing.length > 0) {
      setState({ isBusy: false, fault: null, issues: byField(missing.map(required)) });
      return;
    }
    setState({ isBusy: true, fault: null, issues: {} });
    const next = await outcome(send, Object.fromEntries(new FormData(form.current)));
    // A form that has gone with its success has nothing to show.
    if (form.current) setState(next);
  };

  const { isBusy, fault, issues } = state;
  return html`
    <form class="form" ref=${form} aria-label=${label} noValidate onSubmit=${onSubmit}>
      ${children(issues)}
      ${fault && html`<${Refusal} fault=${fault} issues=${issues} form=${form.current} explain=${explain} />`}
      ${!isReadOnly && html`<div class="actions">
        <${Button} kind="primary" type="submit" busy=${isBusy && busy} aria-disabled=${isBusy || left > 0 ? 'true' : null}>
          ${left > 0 ? words.waitFirst(left) : submit}
        <//>
        ${extra}
      </div>`}
    </form>
  `;
}

/** What no field of the form can show. */
function Refusal({ fault, issues, form, explain }) {
  const others = Object.values(issues).filter(({ field }) => !form.elements.namedItem(field));
  if (fault.issues?.length > 0 && others.length === 0) return null;
  return html`<${FaultNotice} fault=${fault} issues=${others} explain=${explain} />`;
}

function firstEmpty(form) {
  const inputs = Array.from(form.querySelectorAll('input:not([hidden])'));
  return inputs.find(({ value }) => value === '') ?? inputs[0];
}

function emptyOnes(form) {
  return Array.from(form.elements).filter((input) => input.required && input.value === '').map(({ name }) => name);
}

async function outcome(send, values) {
  try {
    await send(values);
    return NOTHING;
  } catch (fault) {
    return { isBusy: false, fault, issues: byField(fault.issues ?? []) };
  }
}

function required(field) {
  return { field, code: 'REQUIRED' };
}

/** The first fault of each field: one at a time is enough to mend it. */
export function byField(issues) {
  const found = {};
  for (const issue of issues) found[issue.field] ??= issue;
  return found;
}
