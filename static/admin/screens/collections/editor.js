import { Empty } from '../../components/empty.js';
import { LinkButton } from '../../components/button.js';
import { Loaded } from '../../components/loaded.js';
import { Page } from '../../components/page.js';
import { Skeleton } from '../../components/skeleton.js';
import { reloadDefinitions, useDefinitions } from '../../definitions.js';
import { to } from '../../router.js';
import { html, useEffect, useRef } from '../../view.js';
import { words } from '../../words/index.js';
import { Workbench } from './workbench.js';

/** The editor of a collection that is there. */
export function Editor({ name, tab }) {
  const { items, fault, isBusy } = useDefinitions();
  // Somebody else may have changed it since the page was loaded.
  useEffect(() => {
    if (items) reloadDefinitions();
  }, [name]);
  const load = { value: items, fault, isBusy, reload: reloadDefinitions };
  const found = items?.find((one) => one.name === name);
  // What is edited stays while its collection is renamed, or gone by another's hand.
  const last = useRef(null);
  last.current = found ?? last.current;
  if (found) return html`<${Workbench} stored=${found} name=${name} tab=${tab} all=${items} />`;
  const { titleOf } = words.collectionEditor;
  return html`
    <${Page} title=${titleOf(name)}>
      <${Loaded} load=${load} skeleton=${html`<${Skeleton} rows=${6} />`}>${() => html`<${Missing} wasThere=${Boolean(last.current)} />`}<//>
    <//>
  `;
}

function Missing({ wasThere }) {
  const { missing, goneTitle, all } = words.collectionEditor;
  return html`
    <${Empty} icon="circle-question-mark" title=${wasThere ? goneTitle : missing} lead=${words.goneLead}>
      <${LinkButton} kind="primary" href=${to('/collections')}>${all}<//>
    <//>
  `;
}
