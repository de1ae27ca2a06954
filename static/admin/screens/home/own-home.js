import { LinkButton } from '../../components/button.js';
import { Empty } from '../../components/empty.js';
import { Icon } from '../../components/icon.js';
import { Loaded } from '../../components/loaded.js';
import { Page } from '../../components/page.js';
import { Skeleton } from '../../components/skeleton.js';
import { reloadDefinitions, useDefinitions } from '../../definitions.js';
import { to } from '../../router.js';
import { useUser } from '../../session.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';

/** For who is here to work with records: the collections, and the own account. */
export function OwnHome() {
  const { displayName, email } = useUser();
  const { items, fault, isBusy } = useDefinitions();
  const { own } = words.home;
  const account = html`<${LinkButton} icon="user" href=${to('/account')}>${own.account}<//>`;
  const explain = { INSUFFICIENT_PERMISSIONS: own.none };
  return html`
    <${Page} title=${own.title(displayName || email)} lead=${own.lead} actions=${account}>
      <${Loaded} load=${{ value: items, fault, isBusy, reload: reloadDefinitions }} skeleton=${html`<${Skeleton} rows=${4} />`} explain=${explain}>
        ${(all) => html`<${Collections} seen=${all.filter(({ name, can }) => name !== 'users' && (can?.list ?? true))} />`}
      <//>
    <//>
  `;
}

function Collections({ seen }) {
  const { own } = words.home;
  if (seen.length === 0) return html`<${Empty} icon="lock" title=${own.empty} lead=${own.none} />`;
  return html`
    <ul class="rows">
      ${seen.map(
        ({ name, description, can }) => html`
          <li class="row" key=${name}>
            <${Icon} name="table-2" />
            <a class="row-name" href=${to(`/records/${name}`)}>${name}</a>
            ${description && html`<span class="row-path">${description}</span>`}
            <span class="row-count">${(can?.create ?? can?.update ?? false) ? own.mayWrite : ''}</span>
          </li>
        `,
      )}
    </ul>
    <p class="total">${words.collections.total(seen.length)}</p>
  `;
}
