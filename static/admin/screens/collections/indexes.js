import { Button, IconButton } from '../../components/button.js';
import { Checkbox, Select } from '../../components/field.js';
import { Empty } from '../../components/empty.js';
import { Fault } from '../../components/labelled.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { newKey, takes } from './definition.js';
import { RuleInput } from './rule-input.js';

const NO_ORDER = ['json', 'multiselect', 'relations'];
const MOST_COLUMNS = 8;
const MOST = 30;

/** The indexes of a collection: fields with their direction, whether unique, and of which records. */
export function Indexes({ work, issues, all, isFixed }) {
  const { draft, change } = work;
  const w = words.collectionEditor;
  const edit = (key, part) => change((was) => ({ indexes: was.indexes.map((index) => (index.key === key ? { ...index, ...part } : index)) }));
  const remove = (key) => change((was) => ({ indexes: was.indexes.filter((index) => index.key !== key) }));
  const add = () => change((was) => ({ indexes: [...was.indexes, { key: newKey(), columns: [{ name: '', isDescending: false }], unique: false, where: '' }] }));
  return html`
    <p class="lead">${w.indexesLead}</p>
    ${draft.indexes.length === 0 && html`<${Empty} icon="layers" title=${w.noIndexes} />`}
    <ol class="col-indexes">
      ${draft.indexes.map(
        (index, at) => html`
          <li class="panel-box" key=${index.key}>
            <${Index} index=${index} at=${at} draft=${draft} all=${all} issues=${issues} isFixed=${isFixed} edit=${(part) => edit(index.key, part)} remove=${() => remove(index.key)} />
          </li>
        `,
      )}
    </ol>
    ${issues.indexes && html`<${Fault} issue=${issues.indexes} />`}
    ${!isFixed && draft.indexes.length < MOST && html`<div class="actions"><${Button} icon="plus" onClick=${add}>${w.addIndex}<//></div>`}
    <${ContainsIndexes} work=${work} isFixed=${isFixed} />
  `;
}

function Index({ index, at, draft, all, issues, isFixed, edit, remove }) {
  const w = words.collectionEditor;
  const issue = (place) => issues[`${index.key}${place}`];
  const put = (place, part) => edit({ columns: index.columns.map((column, i) => (i === place ? { ...column, ...part } : column)) });
  const take = (place) => edit({ columns: index.columns.filter((_, i) => i !== place) });
  const add = () => edit({ columns: [...index.columns, { name: '', isDescending: false }] });
  const fault = issue('.fields') ?? issue('') ?? issue('.unique');
  return html`
    <header class="col-grid-head">
      <h2>${w.indexOf(at + 1)}</h2>
      ${!isFixed && html`<${IconButton} icon="trash-2" label=${w.removeIndex(at + 1)} onClick=${remove} />`}
    </header>
    <fieldset class="form" disabled=${isFixed}>
      <ol class="col-columns">
        ${index.columns.map((column, place) => html`<li key=${place}><${Column} column=${column} place=${place} index=${index} draft=${draft} issue=${issue(`.fields[${place}]`)} put=${put} take=${take} /></li>`)}
      </ol>
      ${fault && html`<${Fault} issue=${fault} />`}
      ${!isFixed && index.columns.length < MOST_COLUMNS && html`<div class="actions"><${Button} kind="quiet" icon="plus" onClick=${add}>${w.addColumn}<//></div>`}
      <${Checkbox} label=${words.fieldWords.unique} help=${w.indexUnique} checked=${index.unique} onChange=${(unique) => edit({ unique })} />
      <${RuleInput} label=${w.where} help=${w.whereHelp} value=${index.where} issue=${issue('.where')} disabled=${isFixed} scope=${{ definition: draft, all, knowsAuth: false, knowsPrevious: false }} onInput=${(where) => edit({ where })} />
    </fieldset>
  `;
}

function Column({ column, place, index, draft, issue, put, take }) {
  const w = words.collectionEditor;
  const names = draft.fields.filter(({ name, type, isDropped }) => name && !isDropped && !NO_ORDER.includes(type)).map(({ name }) => name);
  const others = index.columns.filter((other) => other !== column).map(({ name }) => name);
  const free = [...names, 'created_at', 'updated_at', 'version', 'id'].filter((name) => !others.includes(name));
  // One that is gone is shown, so that it can be seen what the fault is about.
  const known = column.name && !free.includes(column.name) ? [column.name, ...free] : free;
  const directions = [{ value: '', label: w.ascending }, { value: '-', label: w.descending }];
  return html`
    <${Select} label=${w.column(place + 1)} issue=${issue} value=${column.name} options=${[{ value: '', label: w.chooseField }, ...known]} onChange=${(event) => put(place, { name: event.currentTarget.value })} />
    <${Select} label=${w.direction} value=${column.isDescending ? '-' : ''} options=${directions} onChange=${(event) => put(place, { isDescending: event.currentTarget.value === '-' })} />
    <${IconButton} icon="x" label=${w.removeColumn(place + 1)} disabled=${index.columns.length === 1} onClick=${() => take(place)} />
  `;
}

/** The other kind of index stands at the fields; here they are seen together. */
function ContainsIndexes({ work, isFixed }) {
  const { draft, change } = work;
  const { containsTitle, containsLead, containsNone } = words.collectionEditor;
  const fields = draft.fields.filter(({ type, isDropped, name }) => name && !isDropped && takes(type, 'containsIndex'));
  const set = (key) => (containsIndex) => change((was) => ({ fields: was.fields.map((field) => (field.key === key ? { ...field, containsIndex } : field)) }));
  return html`
    <fieldset class="panel-box" disabled=${isFixed}>
      <legend class="visually-hidden">${containsTitle}</legend>
      <h2>${containsTitle}</h2>
      <p class="hint">${fields.length > 0 ? containsLead : containsNone}</p>
      <div class="col-flags">
        ${fields.map((field) => html`<${Checkbox} key=${field.key} label=${field.name} checked=${Boolean(field.containsIndex)} onChange=${set(field.key)} />`)}
      </div>
    </fieldset>
  `;
}
