import { Icon } from '../../components/icon.js';
import { formatNumber } from '../../format.js';
import { to } from '../../router.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';

/** How many there are of everything, each with the way to it. */
export function Figures({ status }) {
  const { records, sessions } = status;
  const own = records.filter(({ collection }) => collection !== 'users');
  const users = records.find(({ collection }) => collection === 'users')?.records;
  const { figures } = words.home;
  return html`
    <ul class="home-figures" aria-label=${figures.label}>
      <${Figure} icon="database" href=${to('/collections')} count=${own.length} of=${figures.collections} />
      <${Figure} icon="table-2" href=${to('/')} onClick=${showRecordCounts} count=${sum(own)} of=${figures.records} />
      <${Figure} icon="user" href=${to('/users')} count=${users} of=${figures.users} />
      <${Figure} icon="monitor" href=${to('/users')} count=${sessions} of=${figures.sessions} />
    </ul>
  `;
}

function Figure({ icon, href, onClick, count, of }) {
  return html`
    <li>
      <a class="home-figure panel-box" href=${href} onClick=${onClick}>
        <strong>${count === undefined || count === null ? words.home.unknown : formatNumber(count)}</strong>
        <span><${Icon} name=${icon} /> ${of(count ?? 0)}</span>
      </a>
    </li>
  `;
}

/** Records have a place on this very screen, where each collection has its own link. */
function showRecordCounts(event) {
  event.preventDefault();
  const heading = document.getElementById('record-counts');
  heading.scrollIntoView({ block: 'center' });
  heading.focus({ preventScroll: true });
}

/** Null where one of them took too long to be counted. */
function sum(counts) {
  return counts.some(({ records }) => records === null) ? null : counts.reduce((all, { records }) => all + records, 0);
}
