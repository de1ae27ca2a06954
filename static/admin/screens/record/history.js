import { api, newKey } from '../../api.js';
import { Button } from '../../components/button.js';
import { Empty } from '../../components/empty.js';
import { Icon } from '../../components/icon.js';
import { Loaded } from '../../components/loaded.js';
import { More } from '../../components/more.js';
import { Notice } from '../../components/notice.js';
import { Skeleton } from '../../components/skeleton.js';
import { Tag } from '../../components/tag.js';
import { Time } from '../../components/time.js';
import { say, sayFault } from '../../components/toasts.js';
import { useDefinition } from '../../definitions.js';
import { recordHref } from '../../fields/links.js';
import { useTitles } from '../../fields/titles.js';
import { recordPath, shortId } from '../../names.js';
import { usePages } from '../../pages.js';
import { html, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { Difference } from './difference.js';
import { Version } from './version.js';

const PAGE_SIZE = 20;

/**
 * The versions of a record, the newest first: who, when, and what it changed. `canRevert` says
 * whether the caller may go back to one; `onReverted(record)` is told what it is then.
 */
export function History({ definition, fields, stored, canRevert, isDirty, onReverted }) {
  const load = usePages(`${recordPath(definition.name, stored.id)}/history`, { pageSize: PAGE_SIZE }, { key: 'version', again: stored.version });
  const [seen, see] = useState(null);
  const { history } = words.record;
  const revert = async (version) => {
    try {
      onReverted(await goBack(definition, stored, version));
      const undo = async () => onReverted(await goBack(definition, { ...stored, version: stored.version + 1 }, stored.version));
      say(history.reverted(version), { undo });
    } catch (fault) {
      sayFault(fault);
    }
  };
  return html`
    ${isDirty && html`<${Notice} kind="warning"><p>${history.unsaved}</p><//>`}
    <${Loaded} load=${load} skeleton=${html`<${Skeleton} rows=${5} />`}>
      ${(loaded) => html`
        ${loaded.items.length === 0 && html`<${Empty} icon="history" title=${history.empty} lead=${history.emptyLead} />`}
        <ol class="versions">
          ${loaded.items.map(
            (version) => html`
              <${Entry}
                key=${version.version}
                version=${version}
                fields=${fields}
                isCurrent=${version.version === stored.version}
                onShow=${() => see(version)}
                onRevert=${canRevert && !isDirty && version.version !== stored.version && (() => revert(version.version))}
              />
            `,
          )}
        </ol>
        ${loaded.items.length > 0 && html`<${More} list=${load} label=${history.more} total=${history.total(loaded.total)} />`}
      `}
    <//>
    ${seen && html`<${Version} definition=${definition} fields=${fields} id=${stored.id} version=${seen} onClose=${() => see(null)} />`}
  `;
}

function Entry({ version, fields, isCurrent, onShow, onRevert }) {
  const [isBusy, setBusy] = useState(false);
  const { history } = words.record;
  const changed = fields.filter(({ key }) => Object.hasOwn(version.changes, key));
  const go = async () => {
    setBusy(true);
    await onRevert();
    setBusy(false);
  };
  return html`
    <li class="version">
      <div class="version-head">
        <h3>${history.version(version.version)}</h3>
        ${isCurrent && html`<${Tag} kind="success">${history.current}<//>`}
        <${Kind} version=${version} />
        <p class="hint"><${Time} at=${version.at} /> ${history.by} <${Actor} actor=${version.actor} /></p>
      </div>
      <dl class="changes">
        ${changed.map((field) => html`<div key=${field.key}><dt>${field.key}</dt><dd><${Difference} field=${field} before=${version.changes[field.key][0]} after=${version.changes[field.key][1]} /></dd></div>`)}
      </dl>
      ${changed.length === 0 && !version.changes.deletedAt && html`<p class="hint">${history.nothing}</p>`}
      <div class="actions">
        <${Button} kind="quiet" icon="eye" onClick=${onShow}>${history.show}<//>
        ${onRevert && html`<${Button} kind="quiet" icon="rotate-ccw" busy=${isBusy && history.reverting} onClick=${go}>${history.revert}<//>`}
      </div>
    </li>
  `;
}

/** What a version did beside changing fields. */
function Kind({ version: { version, changes } }) {
  const { history } = words.record;
  if (changes.deletedAt) return changes.deletedAt[1] ? html`<${Tag} kind="danger">${history.deleted}<//>` : html`<${Tag} kind="success">${history.restored}<//>`;
  return version === 1 && html`<${Tag} kind="accent">${history.made}<//>`;
}

/** Who made a version. */
export function Actor({ actor }) {
  const users = useDefinition('users');
  const isUser = actor?.kind === 'user';
  const title = useTitles(users, isUser ? [actor.id] : [])(actor?.id);
  const { history } = words.record;
  if (!actor) return html`<${Icon} name="circle-question-mark" /> ${history.unknown}`;
  return isUser ? html`<a href=${recordHref('users', actor.id)}>${title ?? shortId(actor.id)}</a>` : history[actor.kind];
}

async function goBack(definition, { id, version: stored }, version) {
  return (await api.post(`${recordPath(definition.name, id)}/revert`, { version }, { ifMatch: `"${stored}"`, key: newKey() })).data;
}
