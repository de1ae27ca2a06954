import { api } from '../../api.js';
import { base } from '../../base.js';
import { Button, LinkButton } from '../../components/button.js';
import { Command } from '../../components/command.js';
import { Icon } from '../../components/icon.js';
import { useLoad } from '../../load.js';
import { recordsPath } from '../../names.js';
import { to } from '../../router.js';
import { useAllows, useUser } from '../../session.js';
import { signInAndThen } from '../../shell.js';
import { html, useEffect, useState } from '../../view.js';
import { words } from '../../words/index.js';

// Kept in this browser, so that the last step still stands once the first two are done.
const KEY = 'stead-first-steps';

/** Leads from an empty instance to the first answer in a terminal, in three steps. */
export function FirstSteps({ records, at }) {
  const allows = useAllows();
  const own = records.filter(({ collection }) => collection !== 'users');
  const isEmpty = own.every(({ records: count }) => count === 0);
  const [isShown, show] = useState(() => isEmpty || localStorage.getItem(KEY) === 'shown');
  useEffect(() => {
    if (isShown) localStorage.setItem(KEY, 'shown');
    else localStorage.removeItem(KEY);
  }, [isShown]);
  return isShown && allows('system:collections:write') && html`<${Steps} own=${own} at=${at} onClose=${isEmpty ? null : () => show(false)} />`;
}

function Steps({ own, at, onClose }) {
  const { steps } = words.home;
  const user = useUser();
  const hasRead = useHasRead(at);
  const filled = own.find(({ records }) => records > 0)?.collection;
  const first = filled ?? own[0]?.collection;
  return html`
    <section class="panel-box home-steps">
      <h2>${steps.title}</h2>
      <ol>
        <${Step} title=${steps.collection} isDone=${Boolean(first)}>
          <p>${steps.collectionLead}</p>
          <${LinkButton} kind="primary" icon="plus" href=${to('/collections/new')}>${steps.collectionAction}<//>
        <//>
        <${Step} title=${steps.record} isDone=${Boolean(filled)}>
          <p>${steps.recordLead}</p>
          ${first && html`<${LinkButton} kind="primary" icon="plus" href=${to(`/records/${first}/new`)}>${steps.recordAction(first)}<//>`}
        <//>
        <${Step} title=${steps.read} isDone=${hasRead}>
          <p>${steps.readLead}</p>
          ${first && html`<${Command} text=${signInAndThen(base, user.email, `curl -sS '${base}${recordsPath(first)}' -H "Authorization: Bearer $TOKEN"`)} />`}
        <//>
      </ol>
      ${onClose && html`<${Button} onClick=${onClose}>${steps.close}<//>`}
    </section>
  `;
}

function Step({ title, isDone, children }) {
  return html`
    <li class=${isDone ? 'home-step home-step-done' : 'home-step'}>
      <h3>${isDone && html`<${Icon} name="circle-check" /><span class="visually-hidden">${words.home.steps.done}</span>`}${title}</h3>
      ${!isDone && children}
    </li>
  `;
}

/** Whether curl has signed in to this account, which the lines of the last step do first. */
function useHasRead(at) {
  const { value } = useLoad(async (signal) => (await api.get('/api/auth/sessions', { pageSize: 100 }, { signal })).data.items, [at]);
  return value?.some(({ userAgent }) => userAgent?.startsWith('curl/')) ?? false;
}
