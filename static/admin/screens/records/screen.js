import { LinkButton } from '../../components/button.js';
import { Empty } from '../../components/empty.js';
import { Loaded } from '../../components/loaded.js';
import { Page } from '../../components/page.js';
import { Skeleton } from '../../components/skeleton.js';
import { reloadDefinitions, useDefinitions } from '../../definitions.js';
import { to } from '../../router.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { RecordList } from './list.js';

/** The records of one collection, where there is one and it may be seen. */
export function Records({ collection, id, view }) {
  const { items, fault, isBusy } = useDefinitions();
  const definition = items?.find(({ name }) => name === collection);
  if (definition && (definition.can?.list ?? true)) {
    return html`<${RecordList} key=${collection} definition=${definition} definitions=${items} id=${id} view=${view} />`;
  }
  const { unknown, notAllowed } = words.records;
  const why = definition ? notAllowed : unknown;
  return html`
    <${Page} title=${collection} isWide>
      <${Loaded} load=${{ value: items, fault, isBusy, reload: reloadDefinitions }} skeleton=${html`<${Skeleton} rows=${8} />`}>
        ${() => html`
          <${Empty} icon=${definition ? 'lock' : 'circle-question-mark'} title=${why.title(collection)} lead=${why.lead ?? words.goneLead}>
            <${LinkButton} kind="primary" href=${to('/collections')}>${unknown.action}<//>
          <//>
        `}
      <//>
    <//>
  `;
}
