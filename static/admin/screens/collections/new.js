import { Empty } from '../../components/empty.js';
import { Loaded } from '../../components/loaded.js';
import { Page } from '../../components/page.js';
import { Skeleton } from '../../components/skeleton.js';
import { reloadDefinitions, useDefinitions } from '../../definitions.js';
import { useAddress } from '../../router.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { useMayChange } from './rights.js';
import { TEMPLATES } from './templates.js';
import { Workbench } from './workbench.js';

/**
 * A collection that is still to be made. The address says with which template it begins, with which
 * of its collections, and under which names those before it were made.
 */
export function NewCollection() {
  const { items, fault, isBusy } = useDefinitions();
  const { query } = useAddress();
  const mayChange = useMayChange()();
  const { titleNew, mayNotMake } = words.collectionEditor;
  if (!mayChange) return html`<${Page} title=${titleNew}><${Empty} icon="lock" title=${titleNew} lead=${mayNotMake} /><//>`;
  const load = { value: items, fault, isBusy, reload: reloadDefinitions };
  if (!items) {
    return html`<${Page} title=${titleNew}><${Loaded} load=${load} skeleton=${html`<${Skeleton} rows=${6} />`}>${() => null}<//><//>`;
  }
  const steps = stepsOf(query);
  // Each step, and each template, is a draft of its own.
  const key = steps ? `+${query.template}${steps.at}` : '+';
  return html`<${Workbench} key=${key} stored=${null} name=${key} tab=${query.tab ?? 'fields'} all=${items} steps=${steps} />`;
}

/** Where in a template the work stands: `{ template, at, definitions, made }`; null without one. */
function stepsOf({ template, made = '' }) {
  const makers = TEMPLATES[template];
  if (!makers) return null;
  const names = made.split(',').filter(Boolean);
  const at = Math.min(names.length, makers.length - 1);
  const definitions = makers.map((make, place) => {
    const definition = make(names);
    return place < names.length ? { ...definition, name: names[place] } : definition;
  });
  return { template, at, definitions, made: names.slice(0, at) };
}
