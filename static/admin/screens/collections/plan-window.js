import { Button } from '../../components/button.js';
import { Dialog } from '../../components/dialog.js';
import { FaultNotice } from '../../components/fault-notice.js';
import { Field } from '../../components/field.js';
import { Icon } from '../../components/icon.js';
import { html, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { stepText } from './plan-text.js';

/**
 * What a change would do, before it is done. Where something is lost, the name of the collection
 * has to be typed; where records are in the way, there is nothing to apply.
 */
export function PlanWindow({ plan, name, saving }) {
  const [typed, setTyped] = useState('');
  const { steps, losses, obstacles, rows, writesStandStillMs } = plan;
  const w = words.plan;
  const isLosing = losses.length > 0;
  const isOff = obstacles.length > 0 || (isLosing && typed !== name);
  const apply = (event) => {
    event.preventDefault();
    if (!isOff) saving.apply();
  };
  return html`
    <${Dialog} stays title=${w.title(name)} onClose=${saving.close}>
      <form class="form" onSubmit=${apply} noValidate>
        ${obstacles.length > 0 && html`<${Findings} kind="danger" title=${w.obstacles} lead=${w.obstaclesLead} all=${obstacles} />`}
        ${isLosing && html`<${Findings} kind="warning" title=${w.losses} all=${losses} />`}
        <section class="col-plan">
          <h3>${w.steps}</h3>
          ${steps.length === 0 ? html`<p>${w.none}</p>` : html`<ol>${steps.map((step, at) => html`<li key=${at}>${stepText(step)}</li>`)}</ol>`}
          <p class="hint">${rows === 0 ? w.costNone : w.cost(rows, writesStandStillMs)}</p>
        </section>
        ${isLosing &&
        obstacles.length === 0 &&
        html`<${Field}
          label=${w.confirm(name)}
          autocomplete="off"
          autocapitalize="none"
          spellcheck=${false}
          value=${typed}
          onInput=${(event) => setTyped(event.currentTarget.value.trim())}
        />`}
        ${saving.fault && html`<${FaultNotice} fault=${saving.fault} />`}
        <div class="actions">
          ${obstacles.length === 0 &&
          html`<${Button} kind=${isLosing ? 'danger' : 'primary'} type="submit" disabled=${isOff} busy=${saving.busy}>${isLosing ? w.applyLosing : w.apply}<//>`}
          <${Button} onClick=${saving.close}>${obstacles.length > 0 ? words.close : words.cancel}<//>
        </div>
      </form>
    <//>
  `;
}

/** Records that are lost, or in the way: how many, and some of them. */
function Findings({ kind, title, lead, all }) {
  return html`
    <section class=${`col-findings notice notice-${kind}`}>
      <${Icon} name="triangle-alert" />
      <div class="notice-body">
        <h3>${title}</h3>
        ${lead && html`<p>${lead}</p>`}
        <ul>
          ${all.map((finding, at) => html`<li key=${at}><${Finding} ...${finding} /></li>`)}
        </ul>
      </div>
    </section>
  `;
}

function Finding({ message, count, samples }) {
  const w = words.plan;
  // That a value is missing, the message has said.
  const told = samples.filter(({ value }) => value !== null);
  const said = message.replace(/: \d+ records?$/, '');
  return html`
    <p>${said}: <strong>${count === 0 ? w.inNoRecord : w.inRecords(count)}</strong></p>
    ${told.length > 0 && html`<p class="col-samples">${w.samples} ${told.map(({ id, value }) => html`<${Sample} key=${id} id=${id} value=${value} />`)}</p>`}
  `;
}

const LONGEST = 40;

function Sample({ id, value }) {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const shown = value === null || text === '' ? words.plan.empty : text;
  return html`<code title=${id}>${shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown}</code> `;
}
