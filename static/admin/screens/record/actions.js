import { copyText } from '../../components/copy.js';
import { Menu } from '../../components/menu.js';
import { say, sayFault } from '../../components/toasts.js';
import { useDefinitions } from '../../definitions.js';
import { fieldsOf } from '../../fields/types.js';
import { go, to } from '../../router.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { deleteForGood, deleteSoftly, inTheWay } from './deletion.js';
import { referencesHref } from './references.js';

/** What else can be done with a record. `onBlocked({ by, href })` is told what is in the way of deleting it. */
export function Actions({ definition, opened, onChanged, onBlocked, onClose }) {
  const { record: stored, isDeleted, can } = opened;
  const { items: definitions = [] } = useDefinitions();
  const { record } = words;
  const isHard = definition.deletion === 'hard';
  const attempt = (act) => async () => {
    try {
      if ((await act()) !== false) onClose();
    } catch (fault) {
      const by = inTheWay(fault);
      if (by) onBlocked({ by, href: hrefOf(definitions, by, stored.id) });
      else sayFault(fault);
    }
  };
  const forGood = { label: words.removeForGood, icon: 'trash-2', isDanger: true, onClick: attempt(() => deleteForGood({ definition, definitions, stored, onChanged })) };
  const items = [
    can.create && !isDeleted && { label: record.duplicate, icon: 'files', onClick: () => go(`/records/${definition.name}/new`, { from: stored.id }) },
    { label: record.copyJson, icon: 'braces', onClick: () => copyJson(stored) },
    !isDeleted && { label: record.apiPage, icon: 'code-xml', href: to(`/api/${definition.name}`, { id: stored.id }) },
    can.delete && !isHard && !isDeleted && { label: words.remove, icon: 'trash-2', isDanger: true, onClick: attempt(() => deleteSoftly({ definition, stored, onChanged })) },
    (isHard ? can.delete : can.purge) && forGood,
  ];
  return html`<${Menu} label=${record.actions} items=${items} />`;
}

async function copyJson(stored) {
  const isCopied = await copyText(JSON.stringify(stored, null, 2));
  say(isCopied ? words.copied : words.record.notCopied, { kind: isCopied ? 'success' : 'danger' });
}

function hrefOf(definitions, by, id) {
  const definition = definitions.find(({ name }) => name === by.collection);
  const field = definition && fieldsOf(definition).find(({ key }) => key === by.key);
  return field ? referencesHref({ definition, field }, id) : to(`/records/${by.collection}`);
}
