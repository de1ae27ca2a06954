import { base } from '../../base.js';
import { LinkButton } from '../../components/button.js';
import { Copy } from '../../components/copy.js';
import { formatBytes, formatInstant } from '../../format.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';

/** The file, the memory, and what runs here. */
export function About({ status }) {
  const { version, url, startedAt, uptime, file, memory } = status;
  const { about } = words.home;
  return html`
    <section class="panel-box">
      <h2>${about.title}</h2>
      <dl class="facts">
        <${Fact} name=${about.file}>${size(file.bytes)}<//>
        <${Fact} name=${about.wal} help=${about.walHelp}>${size(file.walBytes)}<//>
        <${Fact} name=${about.free} help=${about.freeHelp}>${size(file.freeBytes)}<//>
        <${Fact} name=${about.disk}>${size(file.diskFreeBytes)}<//>
        <${Fact} name=${about.memory}>${size(memory.residentBytes)}<//>
        <${Fact} name=${about.uptime}><span class="number">${about.lasting(uptime)}</span> <span class="hint">${about.since(formatInstant(startedAt))}</span><//>
        <${Fact} name=${about.version}>${version}<//>
        <${Fact} name=${about.address}><${Copy} text=${url ?? base} /><//>
      </dl>
      <${LinkButton} icon="external-link" href=${`${base}/api/docs`}>${about.docs}<//>
    </section>
  `;
}

function Fact({ name, help, children }) {
  return html`<div><dt>${name}${help && html` <span class="hint">${help}</span>`}</dt><dd>${children}</dd></div>`;
}

const size = (bytes) => (bytes === null ? words.home.unknown : html`<span class="number">${formatBytes(bytes)}</span>`);
