import { api } from '../../api.js';
import { Button } from '../../components/button.js';
import { Conflict } from '../../components/conflict.js';
import { FaultNotice } from '../../components/fault-notice.js';
import { say } from '../../components/toasts.js';
import { difference } from '../../permissions.js';
import { rolePath } from '../../roles.js';
import { html, useEffect, useRef, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { dropDraft } from './drafts.js';

/** What is changed and not saved yet; all of it is saved together. */
export function Changes({ draft, onSaved, onDrop }) {
  const [state, setState] = useState({ isBusy: false, fault: null });
  const [theirs, setTheirs] = useState(null);
  const { base, permissions } = draft;
  const { changes } = words.roles;

  const saveOver = async (version) => {
    const { data } = await api.patch(rolePath(base.name), { permissions }, { ifMatch: `"${version}"` });
    settle(data);
    say(changes.saved(base.name));
  };
  const settle = (role) => {
    dropDraft(base.name);
    onSaved(role);
  };
  const save = async () => {
    if (state.isBusy) return;
    setState({ isBusy: true, fault: null });
    try {
      await saveOver(base.version);
    } catch (fault) {
      if (fault.status === 412) setTheirs((await api.get(rolePath(base.name))).data);
      setState({ isBusy: false, fault: fault.status === 412 ? null : fault });
    }
  };
  useSaveKey(save);

  const { given, taken } = difference(base.permissions, permissions);
  return html`
    <section class="role-changes" aria-label=${changes.title}>
      <p role="status">${changes.title}</p>
      <ul class="role-difference">
        ${given.map((name) => html`<li key=${name} class="role-given">+ ${name}</li>`)}
        ${taken.map((name) => html`<li key=${name} class="role-taken">− ${name}</li>`)}
      </ul>
      ${state.fault && html`<${FaultNotice} fault=${state.fault} issues=${named(state.fault, permissions)} />`}
      <div class="actions">
        <${Button} kind="primary" icon="save" busy=${state.isBusy && words.saving} onClick=${save}>${words.save}<//>
        <${Button} onClick=${onDrop}>${changes.drop}<//>
      </div>
      ${theirs && html`<${Conflict} rows=${sides(base, permissions, theirs)} onMine=${() => saveOver(theirs.version)} onTheirs=${() => settle(theirs)} onClose=${() => setTheirs(null)} />`}
    </section>
  `;
}

/** Ctrl S, wherever the focus is. */
function useSaveKey(save) {
  const latest = useRef(save);
  latest.current = save;
  useEffect(() => {
    const press = (event) => {
      if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      latest.current();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}

/** Faults by the permission that they are about, which nobody counts. */
function named(fault, permissions) {
  return (fault.issues ?? []).map(({ field, ...issue }) => {
    const at = /^permissions\[(\d+)\]$/.exec(field);
    return { ...issue, field: at ? permissions[Number(at[1])] : field };
  });
}

/** What both sides made of each permission that either of them has changed. */
function sides(base, mine, theirs) {
  const of = (next) => difference(base.permissions, next);
  const [ours, others] = [of(mine), of(theirs.permissions)];
  const changed = new Set([...ours.given, ...ours.taken, ...others.given, ...others.taken]);
  const { allowed, notAllowed } = words.roles.changes;
  const said = (list, name) => (list.includes(name) ? allowed : notAllowed);
  return Array.from(changed, (name) => ({ label: name, mine: said(mine, name), theirs: said(theirs.permissions, name) }));
}
