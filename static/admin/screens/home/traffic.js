import { Chart } from '../../components/chart.js';
import { formatNumber, formatTime } from '../../format.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';

const MINUTES = 60;

/** What was asked and how it went, since the start in words and in the last hour as pictures. */
export function Traffic({ requests }) {
  const minutes = wholeHour(requests.minutes);
  const { traffic } = words.home;
  const errors = requests.clientErrors + requests.serverErrors;
  const points = (values) => minutes.map((minute) => ({ label: formatTime(minute.at), values: values(minute) }));
  const all = requests.minutes.reduce((sum, minute) => sum + minute.requests, 0);
  const took = requests.minutes.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return html`
    <section class="home-charts" aria-label=${traffic.label}>
      <${Chart}
        title=${traffic.requests}
        figure=${formatNumber(requests.total)}
        note=${traffic.since(formatNumber(all))}
        unit=${traffic.perMinute}
        format=${formatNumber}
        series=${[{ label: traffic.requests, tone: 'accent' }]}
        points=${points((minute) => [minute.requests])}
      />
      <${Chart}
        title=${traffic.errors}
        figure=${formatNumber(errors)}
        note=${traffic.errorParts(requests.clientErrors, requests.serverErrors)}
        unit=${traffic.perMinute}
        format=${formatNumber}
        series=${[
          { label: traffic.serverErrors, tone: 'danger' },
          { label: traffic.clientErrors, tone: 'warning' },
        ]}
        points=${points((minute) => [minute.serverErrors, minute.clientErrors])}
      />
      <${Chart}
        title=${traffic.time}
        figure=${all > 0 ? traffic.milliseconds(formatMilliseconds(took / all)) : words.home.unknown}
        note=${traffic.mean}
        unit=${traffic.millisecond}
        format=${formatMilliseconds}
        shape="line"
        series=${[{ label: traffic.time, tone: 'accent' }]}
        points=${points((minute) => [minute.requests > 0 ? minute.milliseconds / minute.requests : null])}
      />
    </section>
  `;
}

/** Right after the start there are fewer minutes than an hour has: before it, there was nothing. */
function wholeHour(minutes) {
  const first = minutes.length > 0 ? Date.parse(minutes[0].at) : Date.now();
  const missing = Array.from({ length: Math.max(MINUTES - minutes.length, 0) }, (_, back) => ({
    at: new Date(first - (back + 1) * 60_000).toISOString(),
    requests: 0,
    clientErrors: 0,
    serverErrors: 0,
    milliseconds: 0,
  }));
  return [...missing.toReversed(), ...minutes];
}

/** Most answers take less than one: then the digits behind the point are what counts. */
function formatMilliseconds(value) {
  return formatNumber(value < 10 ? Number(value.toPrecision(2)) : Math.round(value));
}
