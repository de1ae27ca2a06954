import { api } from '../../api.js';
import { Dialog } from '../../components/dialog.js';
import { Loaded } from '../../components/loaded.js';
import { Skeleton } from '../../components/skeleton.js';
import { Time } from '../../components/time.js';
import { ReadOnly } from '../../fields/input.js';
import { recordTitle } from '../../fields/title.js';
import { useLoad } from '../../load.js';
import { recordPath } from '../../names.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';

/** A record as it was in one of its versions. */
export function Version({ definition, fields, id, version, onClose }) {
  const load = useLoad(async (signal) => (await api.get(recordPath(definition.name, id), { at: version.at }, { signal })).data, [id, version.at]);
  const { history } = words.record;
  const title = load.value ? history.showTitle(version.version, recordTitle(definition, load.value)) : history.version(version.version);
  return html`
    <${Dialog} shape="panel" title=${title} onClose=${onClose}>
      <p class="hint"><${Time} at=${version.at} /></p>
      <${Loaded} load=${load} skeleton=${html`<${Skeleton} rows=${fields.length} />`}>
        ${(record) => html`<${Values} fields=${fields} record=${record} />`}
      <//>
    <//>
  `;
}

/** All fields of a record, to be read. */
export function Values({ fields, record }) {
  const seen = fields.filter(({ key }) => key in record);
  return html`<div class="record-fields">${seen.map((field) => html`<div key=${field.key} class="record-wide"><${ReadOnly} field=${field} value=${record[field.key]} /></div>`)}</div>`;
}
