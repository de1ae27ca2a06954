import { LinkButton } from '../../components/button.js';
import { Heading } from '../../components/heading.js';
import { Menu } from '../../components/menu.js';
import { to } from '../../router.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';

/** The collection's name, and what concerns all of its records. */
export function Head({ definition, can, isTrash, isNarrow, place, paging, onNew, onWindow }) {
  const { name, deletion } = definition;
  const { records } = words;
  const isAccounts = name === 'users';
  const ways = [
    { label: records.api, icon: 'code-xml', href: to(`/api/${name}`) },
    { label: records.definition, icon: 'database', href: to(`/collections/${name}`) },
    isAccounts && { label: records.accounts, icon: 'users', href: to('/users') },
  ].filter(Boolean);
  const items = [
    ...(isNarrow ? ways : []),
    { label: records.reload, icon: 'refresh-cw', onClick: paging.load.reload },
    can('create') && { label: words.import, icon: 'upload', onClick: () => onWindow('import') },
    !isAccounts && { label: words.export, icon: 'download', onClick: () => onWindow('export') },
    deletion !== 'hard' && can('trash') && !isTrash && { label: records.trash, icon: 'trash-2', onClick: () => place.trash(true) },
    isTrash && { label: records.leaveTrash, icon: 'arrow-left', onClick: () => place.trash(false) },
  ].filter(Boolean);
  return html`
    <header class="page-head records-head">
      <${Heading} title=${isTrash ? records.trashOf(name) : name} />
      <div class="actions">
        ${!isNarrow && ways.map(({ label, icon, href }) => html`<${LinkButton} key=${href} kind="quiet" icon=${icon} href=${href}>${label}<//>`)}
        ${isTrash && html`<${LinkButton} icon="arrow-left" href=${to(place.root)}>${records.leaveTrash}<//>`}
        <${Menu} label=${records.more} items=${items} />
        ${!isNarrow && onNew && html`<${NewRecord} place=${place} />`}
      </div>
    </header>
  `;
}

/** The way to a new record. */
export function NewRecord({ place }) {
  return html`<${LinkButton} kind="primary" icon="plus" href=${place.openedAt('new')}>${words.records.new}<//>`;
}
