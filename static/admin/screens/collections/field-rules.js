import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { fieldExamplesFor } from './examples.js';
import { RuleChoice } from './rule-choice.js';

const RULES = ['readRule', 'writeRule'];

/** Who sees a field, and who sets it. Folded as long as nothing is said. */
export function FieldRules({ field, set, issue, all, work, check, costs = {}, isFixed }) {
  const isOpen = RULES.some((rule) => (field[rule] ?? null) !== null || issue(rule));
  const row = (rule) => html`
    <${RuleChoice}
      key=${rule}
      label=${words.ruleEditor[rule].title}
      ruleLabel=${words.ruleEditor[rule].rule}
      help=${words.ruleEditor[rule].help}
      value=${field[rule] ?? null}
      modes=${['record', 'admins', 'rule']}
      examples=${fieldExamplesFor(rule, field, work.draft, all)}
      issue=${issue(rule)}
      check=${check}
      cost=${costs[`${field.key}.${rule}`]}
      disabled=${isFixed}
      scope=${{ definition: work.draft, all, knowsAuth: true, knowsPrevious: rule === 'writeRule' }}
      onChange=${(text) => set(rule, text)}
    />
  `;
  return html`
    <details class="col-field-rules" open=${isOpen}>
      <summary>${words.fieldWords.more}</summary>
      <div class="form">${RULES.map(row)}</div>
    </details>
  `;
}
