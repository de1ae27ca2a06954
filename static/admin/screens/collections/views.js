import { Button, LinkButton } from '../../components/button.js';
import { Tabs } from '../../components/tabs.js';
import { say } from '../../components/toasts.js';
import { to } from '../../router.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { exportable, exportAll } from './export.js';
import { NEW, PICTURE } from './paths.js';
import { useMayChange, useSeesWhole } from './rights.js';

/** The two ways to look at the collections. */
export function Views({ current }) {
  const { views, list, picture } = words.collections;
  const tabs = [
    { href: to('/collections'), label: list, icon: 'list', isCurrent: current === 'list' },
    { href: to(PICTURE), label: picture, icon: 'network', isCurrent: current === 'picture' },
  ];
  return html`<${Tabs} label=${views} tabs=${tabs} />`;
}

/** What can be done with all of them. */
export function Actions({ all = [] }) {
  const mayChange = useMayChange();
  // A file with a part of the definitions, applied, would take the rest away.
  const own = useSeesWhole() ? exportable(all) : [];
  const download = () => {
    exportAll(all);
    say(words.collections.exported(own.length));
  };
  return html`
    ${own.length > 0 && html`<${Button} icon="download" onClick=${download}>${words.collections.exportAll}<//>`}
    ${mayChange() && html`<${LinkButton} kind="primary" icon="plus" href=${to(NEW)}>${words.collections.make}<//>`}
  `;
}
