import { api } from '../../api.js';
import { Loaded } from '../../components/loaded.js';
import { Page } from '../../components/page.js';
import { useEvery } from '../../every.js';
import { formatTime } from '../../format.js';
import { useLoad } from '../../load.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { About } from './about.js';
import { Figures } from './figures.js';
import { FirstSteps } from './first-steps.js';
import { HomeSkeleton } from './home-skeleton.js';
import { RecordCounts } from './record-counts.js';
import { Traffic } from './traffic.js';
import { Warnings } from './warnings.js';

const PATH = '/api/system/status';
const EVERY_MS = 15_000;

/** What is in this instance and how it is, kept fresh while somebody looks. */
export function InstanceHome() {
  const load = useLoad(async (signal) => {
    const { data, meta } = await api.get(PATH, {}, { signal });
    return { ...data, at: meta.timestamp };
  }, []);
  useEvery(EVERY_MS, load.reload);
  const { title, asOf } = words.home;
  return html`
    <${Page} title=${title} actions=${load.value?.at && html`<span class="hint number">${asOf(formatTime(load.value.at))}</span>`} isWide>
      <${Loaded} load=${load} skeleton=${html`<${HomeSkeleton} />`}>
        ${(status) => html`
          <div class="home">
            <${Warnings} warnings=${status.warnings} />
            <${FirstSteps} records=${status.records} at=${status.at} />
            <${Figures} status=${status} />
            <${Traffic} requests=${status.requests} />
            <div class="home-pair">
              <${RecordCounts} records=${status.records} />
              <${About} status=${status} />
            </div>
          </div>
        `}
      <//>
    <//>
  `;
}
