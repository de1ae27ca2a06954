import { html, useId } from '../view.js';
import { Icon } from './icon.js';
import { Fault } from './labelled.js';

/** The frame of several inputs that are one field, as [`Labelled`] is that of one: `children` is a function from an id for their names. */
export function Grouped({ label, icon, help, issue, required, aside, name, children }) {
  const id = useId();
  const described = [issue && `${id}-fault`, help && `${id}-help`].filter(Boolean).join(' ');
  return html`
    <fieldset class="field" name=${name} aria-describedby=${described || null} data-invalid=${issue ? 'true' : null}>
      <legend class="visually-hidden">${label}</legend>
      <div class="field-head">
        <span class="field-name" aria-hidden="true">
          ${icon && html`<${Icon} name=${icon} />`}${label}${required && html`<span class="required">*</span>`}
        </span>
        ${aside}
      </div>
      ${children(id)}
      ${help && html`<p class="field-help" id=${`${id}-help`}>${help}</p>`}
      ${issue && html`<${Fault} id=${`${id}-fault`} issue=${issue} />`}
    </fieldset>
  `;
}
