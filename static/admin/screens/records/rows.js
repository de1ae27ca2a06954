import { Button, LinkButton } from '../../components/button.js';
import { Empty } from '../../components/empty.js';
import { Loaded } from '../../components/loaded.js';
import { Skeleton } from '../../components/skeleton.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { issueOf } from './bar.js';

const SHOWN = 12;

/** The place of the rows in each of its states; `children` are the rows. */
export function Rows({ paging, place, isTrash, isNarrow, onNew, onWindow, children }) {
  const { load, rows, hasMore, isCurrent } = paging;
  const { search, filter } = place.query;
  // A fault of what was asked is said at the box already; it is to be mended there, not tried again.
  const issue = issueOf(load.fault);
  if (load.value === undefined && issue) return null;
  const isUnordered = load.fault?.issues?.some(({ field }) => field === 'sort');
  if (isUnordered) return html`<${NoSuchOrder} fault=${load.fault} onClear=${() => place.sort('')} />`;
  const told = issue ? { ...load, fault: null } : load;
  const explain = { INVALID_INPUT: load.fault?.issues?.[0]?.message };
  const skeleton = html`<${Skeleton} rows=${isNarrow ? 6 : SHOWN} label=${words.records.busy} />`;
  return html`
    <${Loaded} load=${told} explain=${explain} skeleton=${skeleton}>
      ${() => {
        if (rows.length > 0 || hasMore || !isCurrent) return children;
        if (search || filter) return html`<${NothingFits} onClear=${place.clear} />`;
        return isTrash ? html`<${NothingDeleted} place=${place} />` : html`<${NoRecords} place=${place} onNew=${onNew} onWindow=${onWindow} />`;
      }}
    <//>
  `;
}

/** A link may ask for an order that the fields do not give any more; trying again would not help. */
function NoSuchOrder({ fault, onClear }) {
  const { noSuchOrder } = words.records;
  return html`
    <${Empty} icon="circle-question-mark" title=${noSuchOrder.title} lead=${fault.issues[0].message}><${Button} kind="primary" onClick=${onClear}>${noSuchOrder.action}<//><//>
  `;
}

function NothingFits({ onClear }) {
  const { nothingFits } = words.records;
  return html`
    <${Empty} icon="search" title=${nothingFits.title} lead=${nothingFits.lead}><${Button} kind="primary" onClick=${onClear}>${nothingFits.action}<//><//>
  `;
}

function NothingDeleted({ place }) {
  const { nothingDeleted, leaveTrash } = words.records;
  return html`
    <${Empty} icon="trash-2" title=${nothingDeleted.title} lead=${nothingDeleted.lead}>
      <${Button} kind="primary" onClick=${() => place.trash(false)}>${leaveTrash}<//>
    <//>
  `;
}

function NoRecords({ place, onNew, onWindow }) {
  const { none, new: make } = words.records;
  return html`
    <${Empty} icon="table-2" title=${none.title} lead=${onNew ? none.lead : none.leadOfReader}>
      ${onNew && html`
        <${LinkButton} kind="primary" icon="plus" href=${place.openedAt('new')}>${make}<//>
        <${Button} icon="upload" onClick=${() => onWindow('import')}>${words.import}<//>
      `}
    <//>
  `;
}
