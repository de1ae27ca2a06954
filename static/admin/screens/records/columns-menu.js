import { Button } from '../../components/button.js';
import { Checkbox } from '../../components/field.js';
import { Popover } from '../../components/popover.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';

/** Which columns there are, one box to tick for each. */
export function ColumnsMenu({ columns, all, choose, reset, isChosen }) {
  const shown = columns.map(({ key }) => key);
  return html`
    <${Popover} label=${words.records.columns} icon="columns-3">
      <div class="records-columns">
        ${all.map(({ key }) => html`<${Checkbox} key=${key} label=${words.records.column(key)} checked=${shown.includes(key)} onChange=${(is) => choose(key, is)} />`)}
      </div>
      <${Button} kind="quiet" icon="rotate-ccw" disabled=${!isChosen} onClick=${reset}>${words.records.usualColumns}<//>
    <//>
  `;
}
