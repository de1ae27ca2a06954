import { Button } from '../../components/button.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';

/** The buttons below the form, always in reach. */
export function Foot({ formId, editing, acts, isNew, isInner, onNext }) {
  const { record } = words;
  const { isBusy, changed } = editing;
  return html`
    <${Button} kind="primary" type="submit" form=${formId} icon="save" busy=${isBusy && words.saving} aria-keyshortcuts="Control+S">
      ${isNew ? record.create : words.save}
    <//>
    ${isNew && !isInner && html`<${Button} disabled=${isBusy} onClick=${() => acts.save({ another: true })}>${record.createAnother}<//>`}
    ${!isNew && onNext && html`<${Button} disabled=${isBusy} onClick=${() => acts.save({ next: true })}>${record.saveAndNext}<//>`}
    ${changed.length > 0 && html`<${Button} kind="quiet" icon="undo-2" disabled=${isBusy} onClick=${() => editing.discard()}>${record.discard}<//>`}
  `;
}
