// The state of one record in an editor: what is stored, what was typed over it, and what came of saving.
import { byField } from '../../components/form.js';
import { say } from '../../components/toasts.js';
import { isChanged, toTyped, valueAtFirst } from '../../fields/values.js';
import { useCallback, useEffect, useRef, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { readAll } from './body.js';
import { dropDraft, keepDraft, readDraft, recordOfDraft } from './draft.js';
import { outcomeOf, send } from './send.js';

const PAUSE_MS = 300;
const AT_FIRST = { stored: null, typed: {}, issues: {}, fault: null, isBusy: false, restored: null, clash: null, isGone: false, isKept: true, isOpen: false, refusals: 0 };

/**
 * `definition` with the `fields` that can be written; `key` is where the draft is kept. The result is
 * the state and what changes it:
 *
 * - `stored`: the record as it was opened, null for a new one; `typed`: by field, what inputs hold
 *   that were touched; `changed`: the fields of which that means something else
 * - `issues` by field, `fault`, and how many `refusals` there were; `clash`: the record as somebody else has stored it meanwhile;
 *   `isGone`: it was deleted; `isKept`: false where the browser has no room for the draft; `restored`: `{ at, isOld }` of the draft that was found
 * - `open(record, first)`: begins, with what `first` has typed; `type`, `takeBack`, `discard`
 * - `save()` resolves to the record, or to null where it was refused; with `anew` all of it makes
 *   another record
 */
export function useEditing({ definition, fields, key }) {
  const [state, setState] = useState(AT_FIRST);
  const now = useRef(state);
  const set = useCallback((changes) => {
    now.current = { ...now.current, ...changes };
    setState(now.current);
  }, []);
  const changedIn = ({ stored, typed }) => fields.filter((field) => field.key in typed && isChanged(field, typed[field.key], storedValue(field, stored)));
  const changed = changedIn(state);
  const forget = useDraft({ key, changed, state, set });

  const open = useCallback((record, first) => set({ ...AT_FIRST, isOpen: true, ...begun(key, record, first) }), [key]);
  const type = (field, typed) => set({ typed: { ...now.current.typed, [field.key]: typed }, issues: without(now.current.issues, field.key) });
  const takeBack = (field) => set({ typed: without(now.current.typed, field.key), issues: without(now.current.issues, field.key) });
  const discard = (record = now.current.stored) => {
    forget();
    set({ ...AT_FIRST, isOpen: true, stored: record });
  };

  const save = async ({ anew = false } = {}) => {
    const { typed, isBusy, isOpen } = now.current;
    const stored = anew ? null : now.current.stored;
    const asked = stored ? changedIn(now.current) : fields;
    const { values, issues } = readAll(asked, (field) => typedOf(field, now.current));
    // What is not there yet would be made anew.
    if (isBusy || !isOpen) return null;
    if (Object.keys(issues).length > 0) return refuse({ issues, fault: null });
    if (stored && asked.length === 0) {
      say(words.record.nothingChanged, { kind: 'info' });
      return null;
    }
    set({ isBusy: true, issues: {}, fault: null });
    try {
      const record = await send({ definition, fields, values, stored });
      forget();
      // What was typed while it was sent is not saved.
      set({ ...AT_FIRST, isOpen: true, stored: record, typed: typedSince(typed, now.current.typed) });
      return record;
    } catch (fault) {
      return refuse(await outcomeOf(fault, definition, stored));
    }
  };
  const refuse = ({ issues, ...rest }) => {
    set({ isBusy: false, refusals: now.current.refusals + 1, ...rest, issues: Array.isArray(issues) ? byField(issues) : issues });
    return null;
  };
  return { ...state, changed, set, open, type, takeBack, discard, save, typedOf: (field) => typedOf(field, state) };
}

/** The value of a field before anything was typed. */
export function storedValue(field, stored) {
  return stored ? (stored[field.key] ?? null) : valueAtFirst(field);
}

function typedOf(field, { stored, typed }) {
  return field.key in typed ? typed[field.key] : toTyped(field, storedValue(field, stored));
}

function begun(key, record, first = {}) {
  const draft = readDraft(key);
  if (!draft) return { stored: record, typed: first };
  const typed = { ...draft.typed, ...first };
  const isOld = Boolean(record) && draft.version !== record.version;
  return { stored: isOld ? recordOfDraft(record, draft) : record, typed, restored: { at: draft.at, isOld, typed } };
}

/** Keeps the draft a moment after the last key, and at once where the page or the editor goes; the result forgets it. */
function useDraft({ key, changed, state, set }) {
  const keep = useRef(null);
  const { stored, typed, restored, isOpen } = state;
  useEffect(() => {
    // One that was only found keeps the time when it was made.
    const isNew = isOpen && typed !== restored?.typed;
    keep.current = isNew ? () => keepDraft(key, draftOf(stored, typed, changed)) : null;
    const timer = setTimeout(() => keep.current && set({ isKept: keep.current() }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, stored]);
  useEffect(() => {
    const flush = () => keep.current?.();
    addEventListener('pagehide', flush);
    return () => {
      removeEventListener('pagehide', flush);
      flush();
    };
  }, [key]);
  return () => {
    keep.current = null;
    dropDraft(key);
  };
}

function draftOf(stored, typed, changed) {
  const of = (value) => Object.fromEntries(changed.map((field) => [field.key, value(field)]));
  return { at: new Date().toISOString(), version: stored?.version ?? null, opened: of((field) => storedValue(field, stored)), typed: of(({ key }) => typed[key]) };
}

function typedSince(sent, typed) {
  return Object.fromEntries(Object.entries(typed).filter(([name, value]) => sent[name] !== value));
}

function without(object, name) {
  if (!(name in object)) return object;
  return Object.fromEntries(Object.entries(object).filter(([other]) => other !== name));
}
