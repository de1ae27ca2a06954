import { Notice } from '../../components/notice.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';

const KINDS = { DISK_SUSPECT: 'danger', WRITER_DOWN: 'danger', DEMO: 'info' };

/** What should be mended, what is worst first, each with what to do. */
export function Warnings({ warnings }) {
  if (warnings.length === 0) return null;
  return html`
    <section class="home-warnings" aria-label=${words.home.warningsLabel}>
      ${warnings.map(
        ({ code, message, params }) => html`<${Notice} key=${code} kind=${KINDS[code] ?? 'warning'} isLasting><p>${words.home.warnings[code]?.(params) ?? message}</p><//>`,
      )}
    </section>
  `;
}
