import { LinkButton } from '../../components/button.js';
import { Icon } from '../../components/icon.js';
import { to } from '../../router.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { NEW } from './paths.js';
import { useMayChange } from './rights.js';
import { TEMPLATES } from './templates.js';

const ICONS = { notes: 'file', blog: 'pencil', shop: 'tag' };

/** What stands where there is no collection yet: an empty one, or one to begin with. */
export function FirstCollection() {
  const mayChange = useMayChange()();
  const { empty, emptyLead, emptyReader, blank } = words.collections;
  return html`
    <section class="empty">
      <${Icon} name="database" />
      <h2>${empty}</h2>
      <p>${mayChange ? emptyLead : emptyReader}</p>
      ${mayChange && html`<div class="actions"><${LinkButton} kind="primary" icon="plus" href=${to(NEW)}>${blank}<//></div><${Templates} />`}
    </section>
  `;
}

/** The templates, each with what it makes. */
export function Templates() {
  const { templates } = words.collections;
  return html`
    <ul class="col-templates">
      ${Object.keys(TEMPLATES).map(
        (key) => html`
          <li key=${key}>
            <a class="col-template" href=${to(NEW, { template: key })}>
              <${Icon} name=${ICONS[key]} /><strong>${templates[key].title}</strong><span>${templates[key].lead}</span>
            </a>
          </li>
        `,
      )}
    </ul>
  `;
}
