import { IconButton } from '../components/button.js';
import { Combobox } from '../components/combobox.js';
import { Icon } from '../components/icon.js';
import { useDefinition } from '../definitions.js';
import { shortId } from '../names.js';
import { html } from '../view.js';
import { words } from '../words/index.js';
import { recordHref } from './links.js';
import { searchRecords } from './search.js';
import { recordTitle } from './title.js';
import { noteTitle, useTitles } from './titles.js';

/** One record of another collection, found by what it is called; `placeholder` stands there while there is none. */
export function RelationPicker({ field, tied, typed: id, onType, make, placeholder }) {
  const definition = useDefinition(field.collection);
  const title = useTitles(definition, id ? [id] : [])(id);
  const { picker } = words;
  const after = id && html`
    <code class="picker-id">${shortId(id)}</code>
    <a class="button button-quiet icon-button" href=${recordHref(field.collection, id)} aria-label=${picker.open(title ?? shortId(id))} title=${picker.open(title ?? shortId(id))}>
      <${Icon} name="arrow-up-right" />
    </a>
    <${IconButton} icon="x" label=${words.fields.clear(field.key)} onClick=${() => onType(null)} />
  `;
  return html`
    <${RecordSearch}
      definition=${definition}
      tied=${tied}
      name=${field.key}
      text=${id ? (title ?? shortId(id)) : ''}
      placeholder=${placeholder}
      make=${make}
      onChoose=${(record) => onType(record.id)}
      after=${after}
    />
  `;
}

/** The input that finds records of `definition`, or makes one; `onChoose(record)`. `without` are ids that are not offered. */
export function RecordSearch({ definition, make, onChoose, without = [], tied, placeholder, ...rest }) {
  const { picker } = words;
  const find = async (text, signal) => {
    const records = definition ? await searchRecords(definition, text, signal) : [];
    const options = records.filter(({ id }) => !without.includes(id)).map((record) => option(definition, record));
    return make && mayMake(definition) ? [...options, creation(definition, text)] : options;
  };
  const creation = (of, text) => ({
    value: 'new',
    label: text.trim() ? picker.createNamed(singular(of), text.trim()) : picker.create(singular(of)),
    icon: 'plus',
    act: async () => {
      const made = await make(of, text.trim());
      if (made) onChoose(made);
    },
  });
  const choose = ({ record }) => {
    noteTitle(definition, record);
    onChoose(record);
  };
  return html`<${Combobox} find=${find} onChoose=${choose} placeholder=${placeholder ?? picker.search(definition?.name ?? '')} ...${tied} ...${rest} />`;
}

/** Accounts are made among the users, since they need more than fields. */
function mayMake(definition) {
  return definition && definition.name !== 'users' && definition.can?.create !== false;
}

function option(definition, record) {
  return { value: record.id, label: recordTitle(definition, record), hint: record.email ?? shortId(record.id), record };
}

/** What one record of a collection is called: `order item`. */
export function singular({ singular: one, name }) {
  return (one ?? name).replaceAll('_', ' ');
}
