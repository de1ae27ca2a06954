import { api } from '../../api.js';
import { Button } from '../../components/button.js';
import { Notice } from '../../components/notice.js';
import { say, sayFault } from '../../components/toasts.js';
import { to, useAddress } from '../../router.js';
import { isSame } from '../../same.js';
import { html, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { definitionOf, OPERATIONS } from './definition.js';
import { examplesFor } from './examples.js';
import { editorPath, NEW } from './paths.js';
import { RuleChoice } from './rule-choice.js';
import { costsOf } from './saving.js';
import { TryRule } from './try-rule.js';

const PERMISSIONS = { list: 'read', view: 'read' };

/** The five rules on the records of a collection. */
export function Rules({ work, issues, all, isFixed, check, costs, stored }) {
  const { draft, change } = work;
  const [own, setOwn] = useState(null);
  const w = words.ruleEditor;
  const set = (operation, text) => change((was) => ({ rules: { ...was.rules, [operation]: text } }));
  const shown = own ?? costs;
  // What is not stored yet cannot be asked of the database.
  const live = stored && isSame(stored.fields, definitionOf(draft).fields) ? { collection: stored.name } : null;
  const row = (operation) => {
    const { title, help } = w.operations[operation];
    const permission = `${draft.name || '…'}:${PERMISSIONS[operation] ?? operation}`;
    return html`
      <section class="panel-box col-rule" key=${operation}>
        <h2>${title}</h2>
        <p class="hint">${help}</p>
        <${RuleChoice}
          label=${w.who(title)}
          ruleLabel=${w.rule(title)}
          value=${draft.rules[operation]}
          modes=${['permission', 'everybody', 'admins', 'rule']}
          permission=${permission}
          examples=${examplesFor(operation, draft, all)}
          issue=${issues[`rules.${operation}`]}
          check=${check}
          live=${live && draft.rules[operation] !== (stored.rules?.[operation] ?? null) && { ...live, for: operation }}
          cost=${shown[`rules.${operation}`]}
          disabled=${isFixed}
          scope=${{ definition: draft, all, knowsAuth: true, knowsPrevious: operation === 'update' }}
          onChange=${(text) => set(operation, text)}
        />
        ${stored && stored.name !== 'users' && html`<${TryRule} operation=${operation} rule=${draft.rules[operation]} stored=${stored} permission=${permission} areFieldsDirty=${!live} />`}
      </section>
    `;
  };
  return html`
    <p class="lead">${w.lead}</p>
    ${!stored && html`<${Notice} kind="info"><p>${w.tryNew}</p><//>`}
    ${OPERATIONS.map(row)}
    <${OfFields} draft=${draft} name=${stored?.name} isNew=${!stored} />
    ${stored && !isFixed && html`<${Costs} name=${stored.name} draft=${draft} tell=${setOwn} />`}
  `;
}

/** Which fields have rules of their own, and where they stand. */
function OfFields({ draft, name, isNew }) {
  const { query } = useAddress();
  const { fieldsTitle, fieldsLead, readRule, writeRule } = words.ruleEditor;
  const ruled = draft.fields.filter((field) => !field.isDropped && (isGiven(field.readRule) || isGiven(field.writeRule)));
  return html`
    <section class="panel-box">
      <h2>${fieldsTitle}</h2>
      <p class="hint">${fieldsLead} <a href=${isNew ? to(NEW, { ...query, tab: 'fields' }) : to(editorPath(name))}>${words.collectionEditor.tabs.fields}</a></p>
      <dl class="col-ruled">
        ${ruled.map(
          (field) => html`
            <div key=${field.key}>
              <dt>${field.name}</dt>
              ${isGiven(field.readRule) && html`<dd>${readRule.title}: <code>${field.readRule}</code></dd>`}
              ${isGiven(field.writeRule) && html`<dd>${writeRule.title}: <code>${field.writeRule}</code></dd>`}
            </div>
          `,
        )}
      </dl>
    </section>
  `;
}

const isGiven = (rule) => typeof rule === 'string';

/** Asks what the rules cost on the tables as they are by now. A change of nothing tells it. */
function Costs({ name, draft, tell }) {
  const [isBusy, setBusy] = useState(false);
  const { costs, costsBusy, costsNone } = words.ruleEditor;
  const ask = async () => {
    setBusy(true);
    try {
      const { meta } = await api.patch(`/api/system/collections/${name}`, {});
      tell(costsOf(meta, draft));
      if (!meta.warnings) say(costsNone);
      else say(meta.warnings.map(({ message }) => message).join(' '), { kind: 'info' });
    } catch (fault) {
      sayFault(fault);
    }
    setBusy(false);
  };
  return html`<div class="actions"><${Button} icon="activity" busy=${isBusy && costsBusy} onClick=${ask}>${costs}<//></div>`;
}
