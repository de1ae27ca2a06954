import { announce } from '../../components/announce.js';
import { Notice } from '../../components/notice.js';
import { FaultNotice } from '../../components/fault-notice.js';
import { Page } from '../../components/page.js';
import { useSaveKey } from '../../keyboard.js';
import { html, useEffect, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { useCheck } from './check.js';
import { Conflict } from './conflict.js';
import { DefinitionTab } from './definition-tab.js';
import { useDraft } from './draft.js';
import { Fields } from './fields.js';
import { FirstName } from './first-name.js';
import { Indexes } from './indexes.js';
import { Options } from './options.js';
import { PlanWindow } from './plan-window.js';
import { bare, useMayChange, useSeesWhole } from './rights.js';
import { Rules } from './rules.js';
import { SaveBar } from './save-bar.js';
import { useSaving } from './saving.js';
import { EditorTabs } from './tabs.js';

const TABS = { fields: Fields, indexes: Indexes, rules: Rules, options: Options, definition: DefinitionTab };

/**
 * The editor itself. `stored` is the definition as it is, null for one that is still to be made;
 * `steps` say where in a template that is.
 */
export function Workbench({ stored, name, tab, all, steps = null }) {
  const isFixed = !useMayChange()(stored ?? undefined);
  const definition = stored && bare(stored);
  const work = useDraft(name, definition, steps?.definitions[steps.at]);
  const check = useCheck(work, all, isFixed);
  const saving = useSaving({ work, check, steps, tab });
  useSaveKey(null, () => isFixed || (stored && !work.isDirty) || saving.save());
  const Shown = TABS[tab] ?? Fields;
  const shared = { work, issues: check.issues, all: known(all, work, name), isFixed, check, costs: saving.costs };
  const { titleNew, titleOf } = words.collectionEditor;
  return html`
    <${Page} title=${stored ? titleOf(name) : titleNew} tabs=${html`<${EditorTabs} name=${stored ? name : null} current=${tab} issues=${check.issues} draft=${work.draft} />`}>
      <${Notices} work=${work} name=${name} isFixed=${isFixed} steps=${steps} />
      ${!stored && html`<${FirstName} work=${work} issues=${check.issues} />`}
      <${Shown} ...${shared} stored=${definition} key=${tab} />
      ${saving.fault && html`<${FaultNotice} fault=${saving.fault} issues=${check.others} />`}
      ${!isFixed && html`<${SaveBar} work=${work} saving=${saving} check=${check} isNew=${!stored} />`}
      ${saving.plan && html`<${PlanWindow} plan=${saving.plan} name=${name} saving=${saving} />`}
    <//>
  `;
}

/** All definitions, this one as it is drafted: so what is new can be named at once. */
function known(all, { draft }, name) {
  const fields = draft.fields.filter(({ isDropped }) => !isDropped);
  return [...all.filter((one) => one.name !== name), { ...draft, fields }];
}

function Notices({ work, name, isFixed, steps }) {
  const w = words.collectionEditor;
  const seesWhole = useSeesWhole();
  const [isTold, setTold] = useState(false);
  useEffect(() => {
    if (work.wasKept && !isTold) announce(w.kept);
    setTold(true);
  }, []);
  return html`
    ${steps && steps.definitions.length > 1 && html`<p class="lead">${w.stepOf(steps.at + 1, steps.definitions.length, steps.definitions.map((one) => one.name).join(`, ${w.next} `))}</p>`}
    ${isFixed && html`<${Notice} kind="info"><p>${name === 'users' ? w.fixed : w.readOnly}</p>${!seesWhole && html`<p>${w.partly}</p>`}<//>`}
    ${work.wasKept && work.isDirty && !work.isStale && html`<${Notice} kind="info"><p>${w.kept}</p><//>`}
    ${work.isStale && html`<${Conflict} work=${work} />`}
  `;
}
