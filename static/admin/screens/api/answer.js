import { Command } from '../../components/command.js';
import { Tag } from '../../components/tag.js';
import { formatBytes, formatNumber } from '../../format.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';

const HEADERS = ['Content-Type', 'ETag', 'Location', 'Link', 'Content-Disposition', 'Idempotency-Replayed', 'Retry-After', 'X-RateLimit-Remaining', 'X-Request-Id'];

// More than this of a file nobody reads here; the rest is not waited for.
const SHOWN_BYTES = 64_000;

/** What of a response is shown: `{ status, took, headers, text, isCut }`, and its `data`. */
export async function readAnswer(response, took) {
  const headers = HEADERS.map((name) => [name, response.headers.get(name)]).filter(([, value]) => value !== null);
  const { text, isCut } = await start(response);
  const json = parsed(text);
  const shown = json === undefined ? text : JSON.stringify(json, null, 2);
  return { status: response.status, took, headers, text: shown, isCut, data: json?.data };
}

/** Status, time, the headers that matter, and the body. */
export function Answer({ answer }) {
  const { status, took, headers, text, isCut } = answer;
  const { answerTo, tookMs, statuses, headersTitle, bodyTitle, cut, noBody } = words.api;
  return html`
    <section class="api-answer" aria-label=${answerTo}>
      <p role="status">
        <${Tag} kind=${status < 400 ? 'success' : 'danger'}>${status}<//> ${statuses[status] ?? ''} <span class="hint number">${tookMs(formatNumber(Math.round(took)))}</span>
      </p>
      <details>
        <summary>${headersTitle(headers.length)}</summary>
        <dl class="facts api-headers">${headers.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd><code>${value}</code></dd></div>`)}</dl>
      </details>
      ${text
        ? html`
            <details open>
              <summary>${bodyTitle(formatBytes(new Blob([text]).size))}</summary>
              <div class="api-body"><${Command} text=${text} label=${bodyTitle('')} /></div>
            </details>
          `
        : html`<p class="hint">${noBody}</p>`}
      ${isCut && html`<p class="hint">${cut(formatBytes(SHOWN_BYTES))}</p>`}
    </section>
  `;
}

/** The start of a body: an export may be larger than what a page can hold. JSON is shown whole. */
async function start(response) {
  const isJson = response.headers.get('Content-Type')?.startsWith('application/json');
  if (isJson || !response.body) return { text: await response.text(), isCut: false };
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    text += piece.value;
    if (text.length > SHOWN_BYTES) {
      await reader.cancel();
      return { text: text.slice(0, SHOWN_BYTES), isCut: true };
    }
  }
  return { text, isCut: false };
}

/** Undefined where it is no JSON. */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
