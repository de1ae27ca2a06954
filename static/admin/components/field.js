import { html, useId } from '../view.js';
import { words } from '../words.js';
import { Icon } from './icon.js';

/**
 * One input: label above, help below, its fault below that. `issue` is the API's fault of this
 * field; `after` stands behind the input, within its frame; all else is for the input itself.
 */
export function Field({ label, help, issue, after, ...input }) {
  const id = useId();
  const described = [issue && `${id}-fault`, help && `${id}-help`].filter(Boolean).join(' ');
  return html`
    <div class="field">
      <label for=${id}>${label}</label>
      <div class="control">
        <input
          id=${id}
          required
          aria-invalid=${issue ? 'true' : null}
          aria-describedby=${described || null}
          ...${input}
        />
        ${after}
      </div>
      ${help && html`<p class="field-help" id=${`${id}-help`}>${help}</p>`}
      ${issue && html`<p class="field-fault" id=${`${id}-fault`}><${Icon} name="danger" /> ${issueText(issue)}</p>`}
    </div>
  `;
}

function issueText({ code, message, params }) {
  return words.issues[code]?.(params ?? {}) || message;
}
