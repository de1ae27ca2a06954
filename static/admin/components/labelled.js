import { html, useId } from '../view.js';
import { words } from '../words/index.js';
import { Icon } from './icon.js';

/**
 * The frame of every input: label above, help below, its fault below that. `children` is a function
 * from the attributes that tie the input to them (`id`, `aria-describedby`, `aria-invalid`) to the
 * input; `issue` is the API's fault of this field; `icon` stands before the label.
 */
export function Labelled({ label, icon, help, issue, required, aside, children }) {
  const id = useId();
  const described = [issue && `${id}-fault`, help && `${id}-help`].filter(Boolean).join(' ');
  const tied = { id, 'aria-describedby': described || null, 'aria-invalid': issue ? 'true' : null };
  return html`
    <div class="field">
      <div class="field-head">
        <label for=${id}>
          ${icon && html`<${Icon} name=${icon} />`}${label}${required && html`<span class="required" aria-hidden="true">*</span>`}
        </label>
        ${aside}
      </div>
      ${children(tied)}
      ${help && html`<p class="field-help" id=${`${id}-help`}>${help}</p>`}
      ${issue && html`<${Fault} id=${`${id}-fault`} issue=${issue} />`}
    </div>
  `;
}

/** What is wrong with one field, in words. */
export function Fault({ id, issue }) {
  return html`<p class="field-fault" id=${id}><${Icon} name="circle-alert" /> ${issueText(issue)}</p>`;
}

/** A fault of the API in the catalogue's words, where it has some; else in the server's. */
export function issueText({ code, message, params }) {
  return words.issues[code]?.(params ?? {}) || message;
}
