// The one place that knows the view library: everything else imports from here.
import { h, render } from './vendor/preact.mjs';
import htm from './vendor/htm.mjs';

export { render };
export { useEffect, useId, useLayoutEffect, useRef, useState } from './vendor/hooks.mjs';
export const html = htm.bind(h);
