import { Button } from '../../components/button.js';
import { Icon } from '../../components/icon.js';
import { say } from '../../components/toasts.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';

/** The foot of the editor, always in reach: what is not saved yet, and the way to save it. */
export function SaveBar({ work, saving, check, isNew }) {
  if (!isNew && !work.isDirty) return null;
  const { create, review, changed, discard, discarded, faults } = words.collectionEditor;
  const found = Object.keys(check.issues).length;
  const forget = () => {
    const { base, draft } = work;
    work.discard();
    check.tell([]);
    say(discarded, { undo: async () => work.takeBack({ base, draft }) });
  };
  return html`
    <div class="col-save">
      <p role="status">
        ${found > 0 ? html`<${Icon} name="circle-alert" /> ${faults(found)}` : work.isDirty && html`<${Icon} name="pencil" /> ${changed}`}
      </p>
      <div class="actions">
        <${Button} kind="primary" icon=${isNew ? 'plus' : 'save'} busy=${saving.busy} onClick=${saving.save}>${isNew ? create : review}<//>
        ${work.isDirty && html`<${Button} icon="undo-2" onClick=${forget}>${discard}<//>`}
      </div>
    </div>
  `;
}
