// The one place that knows the view library: everything else imports from here.
import { Fragment, h, render } from './vendor/preact.mjs';
import htm from './vendor/htm.mjs';

export { Fragment, render };
// One kind of effect, which runs before anybody can do anything. Those that wait until the screen is
// drawn find what was typed or chosen in between, and undo it.
export { useCallback, useLayoutEffect as useEffect, useId, useMemo, useRef, useState } from './vendor/hooks.mjs';
export const html = htm.bind(h);
