import { Command } from '../../components/command.js';
import { Icon } from '../../components/icon.js';
import { Tag } from '../../components/tag.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { isChanged, lines, variableLine } from './value.js';

/** One setting: its value, where that comes from, what it is for, and how to change it. */
export function Setting({ setting, file }) {
  const { key, value, secret, reason, limits, fixed } = setting;
  const { masked, differs, isDefault, defaultIs, mustBe, fixedBy, sources } = words.settings;
  return html`
    <li class="setting">
      <div class="setting-head">
        <h3><code>${key}</code></h3>
        <code class="setting-value">${secret ? masked : value}</code>
        ${isChanged(setting) ? html`<${Tag} kind="accent">${differs}<//>` : html`<${Tag}>${isDefault}<//>`}
      </div>
      <p>${reason}</p>
      <p class="setting-facts">
        <span>${sources[setting.source]?.(place(setting)) ?? setting.source}</span>
        ${isChanged(setting) && html`<span>${defaultIs} <code>${setting.default}</code></span>`}
        <span>${mustBe(limits)}</span>
      </p>
      ${fixed && html`<p class="setting-fixed"><${Icon} name="lock" /> ${fixedBy[key] ?? fixedBy[setting.source] ?? fixedBy.other}</p>`}
      <${HowTo} setting=${setting} file=${file} />
    </li>
  `;
}

/** Which file and line, variable or flag. */
function place({ name }) {
  const at = /^(.*):(\d+)$/.exec(name ?? '');
  return at ? words.settings.line(at[1], at[2]) : name;
}

function HowTo({ setting, file }) {
  const { howTo, howToOf, inFile, inEnvironment, noFile, fileLabel, variableLabel, readAtStart } = words.settings;
  const { section, key, variable } = setting;
  return html`
    <details class="setting-how">
      <summary>${howTo}<span class="visually-hidden"> ${howToOf(section, key)}</span></summary>
      ${section ? html`<p>${inFile(file)}</p><${Command} text=${lines(setting)} label=${fileLabel(key)} />` : html`<p>${noFile}</p>`}
      <p>${inEnvironment}</p>
      <${Command} text=${variableLine(setting)} label=${variableLabel(variable)} />
      <p class="hint">${readAtStart}</p>
    </details>
  `;
}
