import { Button } from '../../components/button.js';
import { Notice } from '../../components/notice.js';
import { say } from '../../components/toasts.js';
import { useDefinition } from '../../definitions.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { differences } from './changes.js';
import { definitionOf } from './definition.js';
import { shown } from './plan-text.js';
import { bare } from './rights.js';

/** Somebody else changed the collection while it was edited here: what they changed, what is changed here. */
export function Conflict({ work }) {
  const { base, draft } = work;
  const stored = bare(useDefinition(base.name) ?? base);
  const w = words.collectionEditor;
  const keep = () => {
    work.rebase();
    say(w.rebased, { kind: 'info' });
  };
  return html`
    <${Notice} kind="warning">
      <h2>${w.conflictTitle}</h2>
      <p>${w.conflictLead}</p>
      <div class="col-sides">
        <${Side} title=${w.theirs} all=${differences(base, stored)} />
        <${Side} title=${w.mine} all=${differences(base, definitionOf(draft))} />
      </div>
      <div class="actions">
        <${Button} kind="primary" onClick=${keep}>${w.keepMine}<//>
        <${Button} onClick=${work.discard}>${w.takeTheirs}<//>
      </div>
    <//>
  `;
}

function Side({ title, all }) {
  const { nothing } = words.collectionEditor;
  return html`
    <section>
      <h3>${title}</h3>
      <dl>
        ${all.map(
          ({ place, from, to }) => html`
            <div key=${place}><dt><code>${place}</code></dt><dd><del>${shown(from) ?? nothing}</del> → <ins>${shown(to) ?? nothing}</ins></dd></div>
          `,
        )}
      </dl>
    </section>
  `;
}
