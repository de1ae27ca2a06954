// What is edited and not saved yet. It is kept in this browser, so that a reload loses nothing.
import { forget, keep, readKept } from '../../kept.js';
import { isSame } from '../../same.js';
import { useUser } from '../../session.js';
import { useCallback, useEffect, useState } from '../../view.js';
import { isVoid } from './changes.js';
import { draftOf } from './definition.js';
import { rebased } from './rebase.js';

/**
 * The draft of a collection. `stored` is its definition, null for one that is still to be made,
 * which begins as `first`.
 *
 * - `draft`, and `base`, the definition that it was made from; `change(part or function)`
 * - `isDirty`: it says something else than `base`; `wasKept`: it comes from before a reload
 * - `isStale`: what is stored is not `base` any more; `rebase()` puts the draft on top of that
 * - `discard()`, and `takeBack(was)` of it; `settle(definition)` and `forget()`, once it was saved
 */
export function useDraft(name, stored, first) {
  const place = `stead-draft/${useUser().id}/${name}`;
  const [state, setState] = useState(() => begun(place, stored, first));
  const { base, draft } = state;
  const isDirty = base ? !isVoid(base, draft) : !isSame(draft, draftOf(first, false));
  useEffect(() => {
    // Without room or storage a reload loses it, and the browser asks before.
    if (isDirty) keep(place, { base, draft });
    else forget(place);
  }, [place, isDirty, base, draft]);
  // What nobody has touched follows what is stored, when that changes.
  useEffect(() => {
    // By the state of that moment: something may have been typed since this was drawn.
    if (stored) setState((was) => (!isSame(was.base, stored) && isVoid(was.base, was.draft) ? fresh(stored) : was));
  }, [JSON.stringify(stored)]);
  const change = useCallback(
    (part) => setState((was) => ({ ...was, draft: { ...was.draft, ...(typeof part === 'function' ? part(was.draft) : part) } })),
    [],
  );
  return {
    ...state,
    isDirty,
    isStale: isDirty && Boolean(stored) && !isSame(stored, base),
    change,
    rebase: () => setState((was) => ({ ...was, base: stored, draft: rebased(was.base, was.draft, stored) })),
    discard: () => setState(fresh(stored, first)),
    takeBack: (was) => setState({ ...was, wasKept: false }),
    settle: (definition) => setState(fresh(definition)),
    forget: () => forget(place),
  };
}

function begun(place, stored, first) {
  const kept = readKept(place);
  return kept ? { ...kept, wasKept: true } : fresh(stored, first);
}

function fresh(stored, first) {
  return { base: stored, draft: stored ? draftOf(stored) : draftOf(first, false), wasKept: false };
}
