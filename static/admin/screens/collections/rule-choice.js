import { Menu } from '../../components/menu.js';
import { Notice } from '../../components/notice.js';
import { Select } from '../../components/field.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { useLiveCost } from './live-cost.js';
import { RuleInput } from './rule-input.js';

/** What each way to say who may stands for; a rule is whatever else. */
const TEXTS = { permission: null, record: null, everybody: 'true', admins: 'false' };

/**
 * Who may: one of the usual ways, or a rule. `value` is its text, null where none is
 * given; `live` says, where its fields are stored as they are, what its costs are asked for.
 */
export function RuleChoice({ label: who, ruleLabel, help, value, modes, permission, examples, issue, check, cost, live, disabled, scope, onChange }) {
  const w = words.ruleEditor;
  const mode = modes.find((one) => one in TEXTS && TEXTS[one] === (value ?? null)) ?? 'rule';
  const written = useLiveCost(mode === 'rule' && value && live && check?.isChecked && !issue ? { ...live, rule: value } : null);
  const told = written || cost;
  const shown = (one) => (one === 'permission' ? w.modes.permission(permission) : w.modes[one]);
  const choose = (event) => {
    const chosen = event.currentTarget.value;
    onChange(chosen in TEXTS ? TEXTS[chosen] : '');
  };
  const menu = examples.map(({ key, text }) => ({ label: w.example[key], onClick: () => onChange(text) }));
  return html`
    <div class="col-rule-who">
      <${Select} label=${who} help=${help} value=${mode} disabled=${disabled} options=${modes.map((one) => ({ value: one, label: shown(one) }))} onChange=${choose} />
      ${!disabled && menu.length > 0 && html`<${Menu} label=${w.examples} icon="list" isLabelShown kind="plain" items=${menu} />`}
    </div>
    ${mode === 'rule' &&
    html`<${RuleInput}
      label=${ruleLabel}
      help=${!disabled && w.help}
      placeholder=${w.placeholder}
      value=${value}
      issue=${issue}
      state=${check}
      disabled=${disabled}
      scope=${scope}
      onInput=${onChange}
    />`}
    ${mode !== 'rule' && issue && html`<p class="field-fault">${issue.message}</p>`}
    ${told && html`<${Notice} kind="warning"><p>${told}</p><//>`}
  `;
}
