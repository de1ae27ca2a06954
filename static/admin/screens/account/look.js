import { Icon } from '../../components/icon.js';
import { setTheme, useTheme } from '../../theme.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';

const ICONS = { system: 'monitor', light: 'sun', dark: 'moon' };

/** Light or dark, on this device. */
export function Look() {
  const theme = useTheme();
  const { look } = words.ownAccount;
  return html`
    <fieldset class="account-look">
      <legend class="visually-hidden">${look.title}</legend>
      ${Object.entries(ICONS).map(([name, icon]) => html`
        <label key=${name}>
          <input type="radio" name="theme" autocomplete="off" value=${name} checked=${theme === name} onChange=${() => setTheme(name)} />
          <${Icon} name=${icon} /> ${look.themes[name]}
        </label>
      `)}
    </fieldset>
    <p class="hint">${look.help}</p>
  `;
}
