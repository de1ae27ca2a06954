import { api } from '../../api.js';
import { Button } from '../../components/button.js';
import { Dialog } from '../../components/dialog.js';
import { FaultNotice } from '../../components/fault-notice.js';
import { Field } from '../../components/field.js';
import { Notice } from '../../components/notice.js';
import { say } from '../../components/toasts.js';
import { reloadDefinitions } from '../../definitions.js';
import { useLoad } from '../../load.js';
import { recordsPath } from '../../names.js';
import { countOf } from '../../pages.js';
import { html, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { bare } from './rights.js';

/** Asks before a collection goes with all its records, by having its name typed. */
export function RemoveCollection({ definition, all, onClose, onRemoved }) {
  const { name } = definition;
  const [state, setState] = useState({ typed: '', isBusy: false, fault: null });
  const pointing = all.flatMap(pointingAt(name));
  const remove = async (event) => {
    event.preventDefault();
    if (state.typed !== name || state.isBusy) return;
    setState({ ...state, isBusy: true, fault: null });
    try {
      await api.remove(`/api/system/collections/${name}`);
    } catch (fault) {
      setState({ ...state, isBusy: false, fault });
      return;
    }
    onClose();
    onRemoved();
    say(words.collections.removed(name));
    reloadDefinitions();
  };
  const w = words.collections;
  return html`
    <${Dialog} stays title=${w.removeTitle(name)} onClose=${onClose}>
      <form class="form" onSubmit=${remove} noValidate>
        <${Lost} definition=${definition} />
        ${pointing.length > 0 && html`<${Notice} kind="warning"><p>${w.removePointing(pointing.join(', '))}</p><//>`}
        <${Field}
          label=${w.removeConfirm(name)}
          autocomplete="off"
          autocapitalize="none"
          spellcheck=${false}
          value=${state.typed}
          onInput=${(event) => setState({ ...state, typed: event.currentTarget.value.trim() })}
        />
        ${state.fault && html`<${FaultNotice} fault=${state.fault} />`}
        <div class="actions">
          <${Button} kind="danger" type="submit" disabled=${state.typed !== name || pointing.length > 0} busy=${state.isBusy && words.removing}>${words.remove}<//>
          <${Button} onClick=${onClose}>${words.cancel}<//>
        </div>
      </form>
    <//>
  `;
}

/** How much is lost, as far as the caller may count it. */
function Lost({ definition }) {
  const { name, deletion } = definition;
  const load = useLoad(async (signal) => {
    const count = (query) => countOf(recordsPath(name), query, signal);
    const trashed = deletion === 'soft' ? await count({ trashed: 'only' }).catch(() => 0) : 0;
    return { records: await count({}).catch(() => null), trashed };
  }, [name]);
  const { counting, removeLead, removeUnknown, removeTrash, removeRoles } = words.collections;
  if (!load.value) return html`<p role="status">${counting}</p>`;
  const { records, trashed } = load.value;
  return html`
    <p>${records === null ? removeUnknown : removeLead(records)} ${trashed > 0 && removeTrash(trashed)}</p>
    <p>${removeRoles}</p>
  `;
}

/** `comments.post_id`, for each field of another collection that points at this one. */
function pointingAt(name) {
  return (other) =>
    other.name === name ? [] : bare(other).fields.filter(({ collection }) => collection === name).map((field) => `${other.name}.${field.name}`);
}
