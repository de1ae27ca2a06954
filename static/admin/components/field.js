import { html, useId } from '../view.js';
import { Icon } from './icon.js';
import { Labelled } from './labelled.js';

/**
 * A line of text, or whatever else an `<input>` takes. `after` stands behind it, within its frame;
 * what is not for [`Labelled`] is for the input itself.
 */
export function Field({ label, icon, help, issue, aside, after, ...input }) {
  return html`
    <${Labelled} label=${label} icon=${icon} help=${help} issue=${issue} aside=${aside} required=${input.required}>
      ${(tied) => html`<div class="control"><input ...${tied} ...${input} />${after}</div>`}
    <//>
  `;
}

/** Text of several lines, which grows with what is in it. */
export function TextArea({ label, icon, help, issue, aside, ...input }) {
  return html`
    <${Labelled} label=${label} icon=${icon} help=${help} issue=${issue} aside=${aside} required=${input.required}>
      ${(tied) => html`<div class="control"><textarea rows="3" ...${tied} ...${input}></textarea></div>`}
    <//>
  `;
}

/** One of `options`: texts, or `{ value, label }`. */
export function Select({ label, icon, help, issue, aside, options, value, ...input }) {
  const all = options.map((option) => (typeof option === 'string' ? { value: option, label: option } : option));
  return html`
    <${Labelled} label=${label} icon=${icon} help=${help} issue=${issue} aside=${aside} required=${input.required}>
      ${(tied) => html`
        <div class="control">
          <select value=${value} ...${tied} ...${input}>
            ${all.map((option) => html`<option key=${option.value} value=${option.value} selected=${option.value === value}>${option.label}</option>`)}
          </select>
          <${Icon} name="chevron-down" />
        </div>
      `}
    <//>
  `;
}

/** Yes or no. `onChange` gets which. */
export function Checkbox({ label, help, checked, onChange, ...input }) {
  const id = useId();
  return html`
    <div class="check">
      <label>
        <input type="checkbox" aria-describedby=${help ? id : null} checked=${checked} onChange=${(event) => onChange?.(event.currentTarget.checked)} ...${input} />
        <span>${label}</span>
      </label>
      ${help && html`<p class="field-help" id=${id}>${help}</p>`}
    </div>
  `;
}
