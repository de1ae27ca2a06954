// What the server says of a draft while it is written: the plan of it, of which the faults count.
import { api } from '../../api.js';
import { byField } from '../../components/form.js';
import { isSame } from '../../same.js';
import { useCallback, useEffect, useMemo, useRef, useState } from '../../view.js';
import { faultsOf, patchOf, placed } from './changes.js';
import { definitionOf } from './definition.js';

const WAIT_MS = 600;
// Something that is still to be filled in is told when somebody tries to save.
const PATIENT = ['REQUIRED', 'MISSING_FIELD', 'TOO_SHORT'];

export const planPath = (name) => `/api/system/collections/${encodeURIComponent(name)}/plan`;

/** What is sent of a draft: changes of what is there, or the whole of what is not. */
export function bodyOf({ base, draft }) {
  return base ? patchOf(base, draft) : definitionOf(draft);
}

/**
 * The faults of a draft, by their places in it: `{ issues, others, isBusy, isChecked, tell }`.
 * `others` have no place on this screen; `tell(issues)` shows what a refusal has said.
 */
export function useCheck(work, all, isFixed) {
  const { base, draft, isDirty } = work;
  const [state, setState] = useState({ found: [], isTried: false, isBusy: false, isChecked: false });
  const asked = useRef(0);
  const last = useRef(draft);
  useEffect(() => {
    // Nothing is asked before the first change.
    const isChanged = !isSame(draft, last.current) || state.isTried || work.wasKept;
    last.current = draft;
    if (isFixed || !isChanged) return undefined;
    asked.current += 1;
    const mine = asked.current;
    const settle = (next) => mine === asked.current && setState((was) => ({ ...was, isBusy: false, ...next }));
    const check = async () => {
      // Saving, which asks for itself, has begun meanwhile.
      if (mine !== asked.current) return;
      setState((was) => ({ ...was, isBusy: true }));
      settle(isDirty || !base ? await faults(base, draft, all) : { found: [], isChecked: false });
    };
    const timer = setTimeout(check, WAIT_MS);
    return () => clearTimeout(timer);
  }, [draft, base]);
  const tell = useCallback((issues) => {
    asked.current += 1;
    setState({ found: issues, isTried: issues.length > 0, isBusy: false, isChecked: false });
  }, []);
  const issues = useMemo(() => {
    const shown = state.found.filter(({ code }) => state.isTried || !PATIENT.includes(code));
    return byField(shown);
  }, [state]);
  return { ...state, issues, others: othersOf(state.found), tell };
}

async function faults(base, draft, all) {
  const own = faultsOf(draft);
  if (!base && (!draft.name || all.some(({ name }) => name === draft.name))) {
    const taken = draft.name ? [{ field: 'name', code: 'NAME_TAKEN', message: '' }] : [];
    return { found: [...own, ...taken], isChecked: false };
  }
  try {
    await api.post(planPath(base?.name ?? draft.name), bodyOf({ base, draft }), { waits: false });
    return { found: own, isChecked: true };
  } catch (fault) {
    if (fault.status === 400) return { found: [...own, ...placed(fault.issues, draft)], isChecked: true };
    // It says nothing about the draft; saving asks again.
    return { found: own, isChecked: false };
  }
}

/** Faults of other collections, and of the whole. */
function othersOf(found) {
  return found.filter(({ field }) => field === '_' || /^[a-z0-9_]+\.(rules|fields)/.test(field));
}
