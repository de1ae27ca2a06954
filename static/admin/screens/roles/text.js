import { TextArea } from '../../components/field.js';
import { html, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { isSame } from './drafts.js';

/** The same permissions as text, one a line, for who would rather write them. */
export function AsText({ permissions, isFixed, onChange }) {
  const [typed, setTyped] = useState(permissions.join('\n'));
  const { text } = words.roles;
  // What is being typed stays as it is, spaces and all, as long as it means the same.
  const shown = isSame(read(typed), permissions) ? typed : permissions.join('\n');
  const type = (event) => {
    const now = event.currentTarget.value;
    setTyped(now);
    onChange(read(now));
  };
  return html`
    <${TextArea} class="code-input" label=${text.label} help=${text.help} value=${shown} readOnly=${isFixed} autocapitalize="none" spellcheck=${false} onInput=${type} />
  `;
}

function read(text) {
  return Array.from(new Set(text.split(/[\s,]+/).filter(Boolean)));
}
