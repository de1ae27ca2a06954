import { Page } from '../../components/page.js';
import { useDefinition } from '../../definitions.js';
import { go, to, useAddress } from '../../router.js';
import { useLoad } from '../../load.js';
import { api } from '../../api.js';
import { recordsPath } from '../../names.js';
import { recordTitle } from '../../fields/title.js';
import { html } from '../../view.js';
import { RecordPanel } from '../record/panel.js';

/** Stands in for the table of records: titles that open the editor. */
export const records = { pattern: '/records/:collection/:id?/:view?', Screen: Records };

function Records({ collection, id, view }) {
  const definition = useDefinition(collection);
  const { query } = useAddress();
  return definition ? html`<${List} key=${collection} definition=${definition} id=${id} view=${view} query=${query} />` : null;
}

function List({ definition, id, view, query }) {
  const { from, ...listed } = query;
  const load = useLoad(async () => (await api.get(recordsPath(definition.name), listed)).data.items, [JSON.stringify(listed)]);
  const path = `/records/${definition.name}`;
  return html`
    <${Page} title=${definition.name}>
      <a href=${to(`${path}/new`)}>New</a>
      <ul class="rows">${load.value?.map((record) => html`<li class="row" key=${record.id}><a href=${to(`${path}/${record.id}`)}>${recordTitle(definition, record)}</a></li>`)}</ul>
      ${id && html`<${RecordPanel} collection=${definition} id=${id} view=${view} onClose=${() => go(path, listed)} onChanged=${load.reload} />`}
    <//>
  `;
}
