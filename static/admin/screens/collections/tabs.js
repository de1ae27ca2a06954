import { Tabs } from '../../components/tabs.js';
import { to, useAddress } from '../../router.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { OPERATIONS } from './definition.js';
import { editorPath, NEW } from './paths.js';
import { useSeesWhole } from './rights.js';

/** What is shown to who does not see a definition whole. */
const PARTS = ['fields', 'options'];

const ICONS = { fields: 'list', indexes: 'layers', rules: 'shield', options: 'settings', definition: 'braces' };

/** The parts of a definition, each with the number of faults in it. */
export function EditorTabs({ name, current, issues, draft }) {
  const { query } = useAddress();
  const { tabs, tabsLabel, faultsIn } = words.collectionEditor;
  const counts = countsOf(issues, draft);
  const seesWhole = useSeesWhole();
  const shown = Object.keys(ICONS).filter((tab) => seesWhole || PARTS.includes(tab));
  const all = shown.map((tab) => ({
    href: name ? to(editorPath(name, tab)) : to(NEW, { ...query, tab }),
    label: counts[tab] ? html`${tabs[tab]} <span class="tag tag-danger">${faultsIn(counts[tab])}</span>` : tabs[tab],
    icon: ICONS[tab],
    isCurrent: tab === current,
  }));
  return html`<${Tabs} label=${tabsLabel} tabs=${all} />`;
}

/** On which tab a place of a draft is. */
export function tabOf(place, draft) {
  const begins = (list) => list.some(({ key }) => place === key || place.startsWith(`${key}.`) || place.startsWith(`${key}[`));
  if (begins(draft.fields) || place.startsWith('fields')) return 'fields';
  if (begins(draft.indexes) || place.startsWith('indexes')) return 'indexes';
  if (OPERATIONS.some((operation) => place === `rules.${operation}`)) return 'rules';
  return ['description', 'singular', 'deletion', 'history', 'titleField'].includes(place) ? 'options' : null;
}

function countsOf(issues, draft) {
  const counts = {};
  for (const place of Object.keys(issues)) {
    const tab = tabOf(place, draft);
    if (tab) counts[tab] = (counts[tab] ?? 0) + 1;
  }
  return counts;
}
