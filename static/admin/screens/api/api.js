import { base } from '../../base.js';
import { Empty } from '../../components/empty.js';
import { LinkButton } from '../../components/button.js';
import { Icon } from '../../components/icon.js';
import { Loaded } from '../../components/loaded.js';
import { Page } from '../../components/page.js';
import { Skeleton } from '../../components/skeleton.js';
import { reloadDefinitions, useDefinitions } from '../../definitions.js';
import { recordsPath } from '../../names.js';
import { to } from '../../router.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { CollectionApi } from './collection-api.js';

/** The API of one collection, or the choice of one. */
export function Api({ collection }) {
  const { items, fault, isBusy } = useDefinitions();
  const { title, lead, docs, titleOf } = words.api;
  const whole = html`<${LinkButton} icon="external-link" href=${`${base}/api/docs`}>${docs}<//>`;
  return html`
    <${Page} title=${collection ? titleOf(collection) : title} lead=${collection ? null : lead} actions=${whole} isWide>
      <${Loaded} load=${{ value: items, fault, isBusy, reload: reloadDefinitions }} skeleton=${html`<${Skeleton} rows=${6} />`}>
        ${(all) => (collection ? html`<${One} key=${collection} name=${collection} definitions=${all} />` : html`<${Choice} definitions=${all} />`)}
      <//>
    <//>
  `;
}

function One({ name, definitions }) {
  const definition = definitions.find((other) => other.name === name);
  const { unknown, choose } = words.api;
  if (definition) return html`<${CollectionApi} definition=${definition} definitions=${definitions} />`;
  return html`<${Empty} icon="circle-question-mark" title=${unknown(name)} lead=${words.goneLead}><${LinkButton} kind="primary" href=${to('/api')}>${choose}<//><//>`;
}

function Choice({ definitions }) {
  const { empty, emptyLead } = words.api;
  if (definitions.length === 0) return html`<${Empty} icon="code-xml" title=${empty} lead=${emptyLead} />`;
  return html`
    <ul class="rows api-choice">
      ${definitions.map(
        ({ name }) => html`
          <li class="row" key=${name}>
            <${Icon} name="table-2" /><a class="row-name" href=${to(`/api/${name}`)}>${name}</a>
            <code class="row-path">${recordsPath(name)}</code>
          </li>
        `,
      )}
    </ul>
  `;
}
