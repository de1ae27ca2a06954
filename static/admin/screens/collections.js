import { api } from '../api.js';
import { announce } from '../components/announce.js';
import { Button } from '../components/button.js';
import { FaultNotice } from '../components/fault-notice.js';
import { Heading, rescueFocus } from '../components/heading.js';
import { Icon } from '../components/icon.js';
import { Skeleton } from '../components/skeleton.js';
import { html, useEffect, useState } from '../view.js';
import { words } from '../words.js';
import { FirstCollection } from './first-collection.js';

const EXPLAIN = { INSUFFICIENT_PERMISSIONS: words.collections.notAllowed };

/** The names of the collections. */
export function Collections({ user }) {
  const { list, fault, isBusy, load, again } = useCollections();
  useEffect(rescueFocus, [fault, list?.items.length === 0]);
  return html`
    <${Heading} title=${words.collections.title} />
    ${list && html`<${List} list=${list} user=${user} isBusy=${isBusy} load=${load} />`}
    ${fault &&
    html`<${FaultNotice} fault=${fault} explain=${EXPLAIN} onRetry=${again} busy=${isBusy && words.collections.busy} />`}
    ${!list && !fault && html`<${Skeleton} rows=${3} label=${words.collections.busy} />`}
  `;
}

function List({ list, user, isBusy, load }) {
  const { items, pagination } = list;
  const { moreBusy, more, total } = words.collections;
  if (items.length === 0) return html`<${FirstCollection} user=${user} isBusy=${isBusy} reload=${() => load(1)} />`;
  return html`
    <ul class="rows">
      ${items.map((item) => html`<${Row} key=${item.name} collection=${item} />`)}
    </ul>
    ${pagination.hasNextPage &&
    html`<${Button} busy=${isBusy && moreBusy} onClick=${() => load(pagination.page + 1)}>${more}<//>`}
    <p class="total">${total(pagination.totalItems ?? items.length)}</p>
  `;
}

function Row({ collection }) {
  return html`
    <li class="row">
      <${Icon} name="table" />
      <span class="row-name">${collection.name}</span>
      <code class="row-path">/api/v1/${collection.name.replaceAll('_', '-')}</code>
      <span class="row-count">${words.collections.fields(collection.fields.length)}</span>
    </li>
  `;
}

/** The pages loaded so far, the last fault, and how to go on. */
function useCollections() {
  const [state, setState] = useState({ list: null, fault: null, isBusy: true, page: 1 });
  const load = async (page) => {
    setState((was) => ({ ...was, isBusy: true, page }));
    try {
      const { data } = await api.collections(page);
      setState(({ list }) => ({ list: joined(page, list, data), fault: null, isBusy: false, page }));
      announce(words.collections.total(data.pagination.totalItems ?? data.items.length));
    } catch (fault) {
      setState((was) => ({ ...was, fault, isBusy: false }));
    }
  };
  const again = () => load(state.page);
  useEffect(() => {
    load(1);
  }, []);
  useEffect(() => {
    if (!state.fault?.isOffline) return undefined;
    addEventListener('online', again);
    return () => removeEventListener('online', again);
  }, [state.fault]);
  return { ...state, load, again };
}

function joined(page, before, { items, pagination }) {
  return { items: page === 1 ? items : [...before.items, ...items], pagination };
}
