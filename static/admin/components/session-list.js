import { api } from '../api.js';
import { usePages, withItem } from '../pages.js';
import { readUserAgent } from '../user-agent.js';
import { html } from '../view.js';
import { words } from '../words/index.js';
import { ask } from './ask.js';
import { Button } from './button.js';
import { Icon } from './icon.js';
import { Loaded } from './loaded.js';
import { More } from './more.js';
import { Skeleton } from './skeleton.js';
import { Tag } from './tag.js';
import { Time } from './time.js';
import { say } from './toasts.js';

/**
 * The sessions at `path`, to be ended one by one or all at once. One's own (`isOwn`) are those of
 * the reader, whose present one is marked and outlives "all"; else `name` says whose they are.
 */
export function SessionList({ path, isOwn = false, name }) {
  const sessions = usePages(path, { pageSize: 20 });
  const list = words.sessions;
  const end = (session) =>
    ask({
      title: list.endTitle,
      lead: list.endLead(deviceName(session)),
      action: list.end,
      busy: list.ending,
      act: async () => {
        await api.remove(`${path}/${session.id}`);
        sessions.set((was) => withItem(was, session.id, () => null));
        say(list.ended);
      },
    });
  const endAll = () =>
    ask({
      title: isOwn ? list.endOthers : list.endAllOf(name),
      lead: isOwn ? list.endOthersLead : list.endAllLead,
      action: isOwn ? list.endOthers : list.endAll,
      busy: list.ending,
      act: async () => {
        await api.remove(path);
        say(isOwn ? list.othersEnded : list.allEnded);
        await sessions.reload();
      },
    });
  return html`
    <${Loaded} load=${sessions} skeleton=${html`<${Skeleton} rows=${2} />`}>
      ${({ items, total }) => html`
        ${items.length === 0
          ? html`<p class="hint">${list.none}</p>`
          : html`<ul class="rows">
              ${items.map((session) => html`<${Session} key=${session.id} session=${session} onEnd=${() => end(session)} />`)}
            </ul>`}
        ${sessions.value.next !== null && html`<${More} list=${sessions} total=${list.total(total)} />`}
        ${total > (isOwn ? 1 : 0) &&
        html`<div class="actions"><${Button} icon="log-out" onClick=${endAll}>${isOwn ? list.endOthers : list.endAll}<//></div>`}
      `}
    <//>
  `;
}

function Session({ session, onEnd }) {
  const { address, userAgent, createdAt, lastUsedAt, current } = session;
  const { sessions } = words;
  const device = deviceName(session);
  return html`
    <li class="session">
      <${Icon} name="monitor" />
      <div class="session-words">
        <p class="session-device" title=${userAgent}>${device} ${current && html`<${Tag} kind="success">${sessions.current}<//>`}</p>
        <p class="session-facts">
          <span>${address}</span>
          <span>${sessions.used} <${Time} at=${lastUsedAt} /></span>
          <span>${sessions.since} <${Time} at=${createdAt} /></span>
        </p>
      </div>
      ${!current && html`<${Button} aria-label=${sessions.endOf(device, address)} onClick=${onEnd}>${sessions.end}<//>`}
    </li>
  `;
}

function deviceName({ userAgent }) {
  const { program, system } = readUserAgent(userAgent ?? '');
  return words.sessions.device(program, system);
}
