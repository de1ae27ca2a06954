// From a draft to a collection that is there: at once for a new one, by its plan for another.
import { api, Fault, newKey } from '../../api.js';
import { announce } from '../../components/announce.js';
import { say } from '../../components/toasts.js';
import { reloadDefinitions } from '../../definitions.js';
import { go } from '../../router.js';
import { isSame } from '../../same.js';
import { useRef, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { faultsOf, placed } from './changes.js';
import { bodyOf, planPath } from './check.js';
import { editorPath, NEW, recordsOf } from './paths.js';
import { bare } from './rights.js';
import { tabOf } from './tabs.js';

const COLLECTIONS = '/api/system/collections';
const STALE = 412;

/** `{ save, apply, close, plan, fault, busy, costs }`: `save` makes a collection, or opens its plan. */
export function useSaving({ work, check, steps, tab }) {
  const [state, setState] = useState({ busy: '', fault: null, plan: null, costs: {} });
  const key = useRef(newKey());
  const show = (next) => setState((was) => ({ ...was, busy: '', ...next }));

  /** Faults to their places; what has none stands above the button. */
  const refuse = (fault) => {
    const found = placed(fault.issues ?? [], work.draft);
    check.tell(found);
    show({ fault: found.length > 0 && found.every(({ field }) => isPlaced(field, work.draft)) ? null : fault, plan: null });
    if (found.length > 0) lead(found, work, tab);
  };

  /** Somebody else was first, which is shown once it is known what they changed. */
  const overtaken = async (next) => {
    await reloadDefinitions();
    show(next);
  };

  const save = async () => {
    if (state.busy) return;
    const own = faultsOf(work.draft);
    if (own.length > 0) {
      refuse({ issues: own });
      return;
    }
    check.tell([]);
    show({ busy: work.base ? words.collectionEditor.reviewing : words.collectionEditor.creating, fault: null, plan: null });
    try {
      if (work.base) show({ plan: await planned(work) });
      else await made(work, key.current, steps);
      check.tell([]);
    } catch (fault) {
      if (fault.status === STALE) await overtaken({});
      else refuse(fault);
      // A refused body may be mended; under the same key that would be another request.
      if (fault.status >= 400) key.current = newKey();
    }
  };

  /** Applies the plan that is shown. What came in between is planned anew, and shown. */
  const apply = async () => {
    if (state.busy) return;
    setState((was) => ({ ...was, busy: words.plan.applying, fault: null }));
    try {
      const allows = state.plan.losses.length > 0 && { allowDestructive: true };
      const body = { ...bodyOf(work), ...allows };
      const { data, meta } = await api.patch(`${COLLECTIONS}/${work.base.name}`, body, { ifMatch: await tagOf(work) });
      await applied(work, data, meta, tab);
      check.tell([]);
      show({ plan: null, costs: costsOf(meta, work.draft) });
    } catch (fault) {
      if (fault.status === 422 || fault.status === 409) show({ fault, plan: await planned(work).catch(() => state.plan) });
      else if (fault.status === STALE) await overtaken({ plan: null });
      else if (fault.status === 400) refuse(fault);
      else show({ fault });
    }
  };

  return { ...state, save, apply, close: () => show({ plan: null, fault: null }) };
}

async function planned(work) {
  return (await api.post(planPath(work.base.name), bodyOf(work), { ifMatch: await tagOf(work) })).data;
}

/** The tag of the definition that the draft began with; a fault where another is stored by now. */
async function tagOf({ base }) {
  const { data, etag } = await api.get(`${COLLECTIONS}/${base.name}`);
  if (isSame(bare(data), base)) return etag;
  throw new Fault({ status: STALE });
}

async function made(work, key, steps) {
  const { data, meta } = await api.post(COLLECTIONS, bodyOf(work), { key });
  work.forget();
  await reloadDefinitions();
  const { created } = words.collectionEditor;
  tellCosts(meta);
  say(created(data.name), { link: { href: `#${editorPath(data.name)}`, label: words.edit } });
  const isLast = !steps || steps.at + 1 >= steps.definitions.length;
  if (isLast) go(recordsOf(data.name));
  else go(NEW, { template: steps.template, made: [...steps.made, data.name].join(',') });
}

async function applied(work, definition, meta, tab) {
  work.settle(bare(definition));
  await reloadDefinitions();
  say(words.collectionEditor.saved(definition.name));
  tellCosts(meta);
  if (definition.name !== work.base.name) go(editorPath(definition.name, tab), {}, { replace: true });
}

function tellCosts({ warnings = [] }) {
  if (warnings.length > 0) say([words.plan.warnings, ...warnings.map(({ message }) => message)].join(' '), { kind: 'info' });
}

/** What is costly, by the places of the rules that cost it. */
export function costsOf({ warnings = [] }, draft) {
  return Object.fromEntries(placed(warnings, draft).map(({ field, message }) => [field, message]));
}

function isPlaced(field, draft) {
  return field === 'name' || tabOf(field, draft) !== null;
}

/** To the tab of the first fault, and to the fault itself. */
function lead(found, { base, draft }, tab) {
  announce(words.collectionEditor.faults(found.length));
  const first = found.map(({ field }) => tabOf(field, draft)).find(Boolean);
  const isHere = found.some(({ field }) => tabOf(field, draft) === tab || field === 'name');
  if (first && !isHere && base) go(editorPath(base.name, first));
  else if (first && !isHere) go(NEW, { ...Object.fromEntries(new URLSearchParams(location.hash.split('?')[1])), tab: first });
  setTimeout(() => document.querySelector('main [aria-invalid=true]')?.focus(), 50);
}
