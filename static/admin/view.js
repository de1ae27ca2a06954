// The one place that knows the view library: everything else imports from here.
import { Fragment, h, render } from './vendor/preact.mjs';
import htm from './vendor/htm.mjs';

export { Fragment, render };
export { useCallback, useEffect, useErrorBoundary, useId, useLayoutEffect, useMemo, useRef, useState } from './vendor/hooks.mjs';
export const html = htm.bind(h);
