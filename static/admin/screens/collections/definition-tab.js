import { Button } from '../../components/button.js';
import { Command } from '../../components/command.js';
import { html } from '../../view.js';
import { say } from '../../components/toasts.js';
import { words } from '../../words/index.js';
import { definitionOf } from './definition.js';
import { exportOne } from './export.js';

/** The definition as JSON, to copy or to keep as a file. */
export function DefinitionTab({ work, stored }) {
  const { definitionLead, definitionDraft, tabs } = words.collectionEditor;
  const { exportedOne } = words.collections;
  const text = JSON.stringify(work.isDirty || !stored ? definitionOf(work.draft) : stored, null, 2);
  const download = () => {
    exportOne(stored);
    say(exportedOne(stored.name));
  };
  return html`
    <p class="lead">${definitionLead} ${work.isDirty && definitionDraft}</p>
    <${Command} text=${text} label=${tabs.definition} />
    ${stored && stored.name !== 'users' && html`<div class="actions"><${Button} icon="download" onClick=${download}>${words.export}<//></div>`}
  `;
}
