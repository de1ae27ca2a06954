import { Button } from '../../components/button.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { ColumnsMenu } from './columns-menu.js';
import { SearchBar } from './search-bar.js';

/** What is looked for, and what is shown of it. */
export function Bar({ definition, place, columns, paging, onWindow }) {
  const { search, filter } = place.query;
  return html`
    <div class="records-bar">
      <${SearchBar} definition=${definition} text=${search ?? filter ?? ''} issue=${issueOf(paging.load.fault)} onAsk=${place.ask} />
      <${Button} icon="funnel" title=${words.records.filter} onClick=${() => onWindow('filter')}><span class="button-words">${words.records.filter}</span><//>
      <${ColumnsMenu} ...${columns} />
    </div>
  `;
}

/** The fault of what was asked, which is told at the box. */
export function issueOf(fault) {
  return fault?.issues?.find(({ field }) => field === 'filter' || field === 'search') ?? null;
}
