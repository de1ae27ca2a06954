import { Icon } from '../../components/icon.js';
import { Menu } from '../../components/menu.js';
import { LinkButton } from '../../components/button.js';
import { Tag } from '../../components/tag.js';
import { say } from '../../components/toasts.js';
import { go, to } from '../../router.js';
import { html, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { exportOne } from './export.js';
import { apiOf, editorPath, recordsOf } from './paths.js';
import { RemoveCollection } from './remove.js';
import { useMayChange, useSeesWhole } from './rights.js';

/** One collection: what it is for, what it keeps, and the ways to it. */
export function Row({ definition, all }) {
  const mayChange = useMayChange()(definition);
  const seesWhole = useSeesWhole();
  const [isRemoving, setRemoving] = useState(false);
  const { name, description } = definition;
  const w = words.collections;
  const download = () => {
    exportOne(definition);
    say(w.exportedOne(name));
  };
  const items = [
    { label: mayChange ? words.edit : w.look, icon: mayChange ? 'pencil' : 'eye', href: to(editorPath(name)) },
    { label: w.api, icon: 'code-xml', href: to(apiOf(name)) },
    seesWhole && name !== 'users' && { label: words.export, icon: 'download', onClick: download },
    mayChange && { label: words.remove, icon: 'trash-2', isDanger: true, onClick: () => setRemoving(true) },
  ];
  return html`
    <li class="col-row">
      <${Icon} name=${name === 'users' ? 'users' : 'table-2'} />
      <div class="col-row-main">
        <a class="col-row-name" href=${to(editorPath(name))}>${name}</a>
        ${description && html`<p class="col-row-about">${description}</p>`}
        <p class="col-row-tags"><${Kept} definition=${definition} /></p>
      </div>
      <div class="col-row-actions">
        <${LinkButton} kind="quiet" icon="list" href=${to(recordsOf(name))} aria-label=${w.recordsOf(name)}><span class="col-wide">${w.records}</span><//>
        <${Menu} label=${w.actions(name)} items=${items} />
      </div>
      ${isRemoving && html`<${RemoveCollection} definition=${definition} all=${all} onClose=${() => setRemoving(false)} onRemoved=${() => go('/collections')} />`}
    </li>
  `;
}

/** What a collection keeps, in short words. */
function Kept({ definition }) {
  const seesWhole = useSeesWhole();
  const { name, fields, deletion, history, rules = {} } = definition;
  const given = Object.keys(rules).length;
  const w = words.collections;
  return html`
    <span>${w.fields(fields.length)}</span>
    ${name === 'users' && html`<${Tag} kind="accent">${w.isOfSystem}<//>`}
    <${Tag}>${deletion === 'hard' ? w.hard : w.soft}<//>
    ${history && html`<${Tag}>${w.history}<//>`}
    ${seesWhole && name !== 'users' && html`<${Tag} kind=${given > 0 ? 'accent' : 'plain'}>${w.rules(given)}<//>`}
  `;
}
