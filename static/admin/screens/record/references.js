// The records that point at one.
import { Icon } from '../../components/icon.js';
import { Loaded } from '../../components/loaded.js';
import { Skeleton } from '../../components/skeleton.js';
import { useDefinitions } from '../../definitions.js';
import { fieldsOf, isRelation } from '../../fields/types.js';
import { useLoad } from '../../load.js';
import { recordsPath } from '../../names.js';
import { countOf } from '../../pages.js';
import { to } from '../../router.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';

/** The relations that lead to `collection`: `[{ definition, field }]`. */
export function relationsTo(definitions, collection) {
  return definitions.flatMap((definition) =>
    fieldsOf(definition)
      .filter((field) => isRelation(field.type) && field.collection === collection)
      .map((field) => ({ definition, field })),
  );
}

/** The same with `count`, how many live records point at `id` by it; null where that is not for the caller. */
export async function countReferences(definitions, collection, id, signal) {
  const count = async ({ definition, field }) => {
    const condition = field.type === 'relations' ? `${field.key}[contains]` : field.key;
    return { definition, field, count: await countOf(recordsPath(definition.name), { [condition]: id }, signal).catch(nobodysBusiness) };
  };
  return Promise.all(relationsTo(definitions, collection).map(count));
}

function nobodysBusiness(fault) {
  if (fault.status === 403 || fault.status === 400) return null;
  throw fault;
}

/** The table of the records that point at `id` by a relation. */
export function referencesHref({ definition, field }, id) {
  const filter = field.type === 'relations' ? `"${id}" in ${field.key}` : `${field.key} == "${id}"`;
  return to(`/records/${definition.name}`, { filter });
}

/** For each relation that leads here, how many records, with the way to them. */
export function References({ definition, id }) {
  const { items } = useDefinitions();
  const ways = relationsTo(items ?? [], definition.name);
  const load = useLoad((signal) => countReferences(items ?? [], definition.name, id, signal), [id, items]);
  const { record } = words;
  return html`
    <section class="record-section">
      <h3>${record.references}</h3>
      ${ways.length === 0
        ? html`<p class="hint">${record.referencesNone}</p>`
        : html`<${Loaded} load=${load} skeleton=${html`<${Skeleton} rows=${ways.length} />`}>
            ${(all) => html`<ul class="references">${all.map((one) => html`<${Reference} key=${`${one.definition.name}.${one.field.key}`} one=${one} id=${id} />`)}</ul>`}
          <//>`}
    </section>
  `;
}

function Reference({ one, id }) {
  const { record } = words;
  const label = html`<${Icon} name="table-2" /> <span>${record.reference(one.definition.name, one.field.key)}</span>`;
  if (one.count === null) return html`<li>${label}<span class="hint">${record.notCounted}</span></li>`;
  return html`<li><a href=${referencesHref(one, id)}>${label}</a><span class="number">${record.referenceCount(one.count)}</span></li>`;
}
