import { Icon } from '../../components/icon.js';
import { Loaded } from '../../components/loaded.js';
import { Page } from '../../components/page.js';
import { Skeleton } from '../../components/skeleton.js';
import { reloadDefinitions, useDefinitions } from '../../definitions.js';
import { recordsPath } from '../../names.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';

/** The names of the collections. */
export function Collections() {
  const { items, fault, isBusy } = useDefinitions();
  const { title, total, fields } = words.collections;
  return html`
    <${Page} title=${title}>
      <${Loaded} load=${{ value: items, fault, isBusy, reload: reloadDefinitions }} skeleton=${html`<${Skeleton} rows=${5} />`}>
        ${(all) => html`
          <ul class="rows">
            ${all.map(
              ({ name, ...collection }) => html`
                <li class="row" key=${name}>
                  <${Icon} name="table-2" /><span class="row-name">${name}</span>
                  <code class="row-path">${recordsPath(name)}</code>
                  <span class="row-count">${fields(collection.fields.length)}</span>
                </li>
              `,
            )}
          </ul>
          <p class="total">${total(all.length)}</p>
        `}
      <//>
    <//>
  `;
}
