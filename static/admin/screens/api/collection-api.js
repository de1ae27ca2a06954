import { Field } from '../../components/field.js';
import { Loaded } from '../../components/loaded.js';
import { Notice } from '../../components/notice.js';
import { Skeleton } from '../../components/skeleton.js';
import { recordTitle } from '../../fields/title.js';
import { amend, to, useAddress } from '../../router.js';
import { html, useMemo, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { Call } from './call.js';
import { CallList } from './call-list.js';
import { callsOf } from './calls.js';
import { useContract } from './contract.js';
import { useSamples } from './samples.js';
import { SignIn } from './sign-in.js';

/** Every call of one collection: the list of them, and the one that the address names. */
export function CollectionApi({ definition, definitions }) {
  const { query } = useAddress();
  const load = useSamples(definition, query.id);
  const contract = useContract(definitions);
  return html`
    <${Loaded} load=${load} skeleton=${html`<${Skeleton} rows=${8} />`}>
      ${(samples) => html`<${Calls} definition=${definition} definitions=${definitions} samples=${samples} contract=${contract} query=${query} onChanged=${load.reload} />`}
    <//>
  `;
}

function Calls({ definition, definitions, samples, contract, query, onChanged }) {
  const [importId, setImportId] = useState();
  const calls = useMemo(() => callsOf(definition, definitions, { ...samples, importId }), [definition, definitions, samples, importId]);
  // What was changed makes examples stale: versions, counts, values that are taken.
  const done = (data) => {
    if (data?.importId) setImportId(data.importId);
    onChanged();
  };
  const path = `/api/${definition.name}`;
  const signingIn = { key: 'sign-in', group: 'start', words: 'signIn', href: to(path, { ...query, call: 'sign-in' }) };
  const listed = [signingIn, ...calls.map((call) => ({ ...call, href: to(path, { ...query, call: call.key }) }))];
  const current = listed.find(({ key }) => key === query.call) ?? listed.find(({ key }) => key === 'list') ?? listed[0];
  return html`
    <div class="api">
      <${CallList} calls=${listed} current=${current} />
      <div class="api-call">
        ${current.key === 'sign-in'
          ? html`<${SignIn} definition=${definition} />`
          : html`
              <${Filling} definition=${definition} record=${samples.record} wanted=${query.id} />
              <${Call} key=${`${current.key} ${query.id}`} call=${current} definition=${definition} samples=${samples} contract=${contract} onDone=${done} />
            `}
      </div>
    </div>
  `;
}

/** Which record the examples are filled with, and the choice of another. */
function Filling({ definition, record, wanted }) {
  const { filledWith, recordId, noRecord, noSuchRecord } = words.api;
  const choose = (event) => amend({ id: event.currentTarget.value.trim() });
  return html`
    <div class="api-filling">
      <${Field} label=${recordId} value=${record?.id ?? wanted ?? ''} help=${record ? filledWith(recordTitle(definition, record)) : null} autocomplete="off" spellcheck=${false} onChange=${choose} />
      ${!record && html`<${Notice} kind="info"><p>${wanted ? noSuchRecord : noRecord}</p><//>`}
    </div>
  `;
}
