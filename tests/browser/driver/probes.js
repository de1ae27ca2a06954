// Questions of a story to the page, and waiting until one has the answer that the story needs.
(() => {
  const seen = window.__seen;
  const { FIELDS, tidy, role, name, content, isShown, describe } = seen;
  const CONTAINERS = new Set(['row', 'listitem', 'article', 'option', 'treeitem', 'group', 'region']);

  class Unmet extends Error {}

  const unmet = (why) => {
    throw new Unmet(why);
  };

  /** How well `el` answers to the name: 3 as it is, 2 by one of its parts, 1 as a part of its text. */
  function rank(el, wanted) {
    if (wanted === '' || name(el) === wanted) return 3;
    if (!CONTAINERS.has(role(el))) return 0;
    const parts = Array.from(el.querySelectorAll('td,th,[role=cell],[role=gridcell],[role=rowheader],h1,h2,h3,h4,a'));
    if (parts.some((part) => name(part) === wanted || tidy(content(part)) === wanted)) return 2;
    return tidy(content(el)).includes(wanted) ? 1 : 0;
  }

  /** What answers best to a role (or `field`, for all that take a value) and a name. */
  function all([kind, wanted], within) {
    const isKind = (el) => (kind === 'field' ? FIELDS.has(role(el)) : role(el) === kind);
    const found = Array.from(within.querySelectorAll('*')).filter((el) => isKind(el) && isShown(el));
    const ranked = found.map((el) => [rank(el, wanted), el]).filter(([rank]) => rank > 0);
    const best = Math.max(...ranked.map(([rank]) => rank));
    return ranked.filter(([rank]) => rank === best).map(([, el]) => el);
  }

  function one(wanted, within) {
    const found = all(wanted, within);
    const words = `${wanted[0]} “${wanted[1]}”`;
    if (found.length === 0) return unmet(`there is no ${words}`);
    if (found.length > 1) return unmet(`there are ${found.length} of ${words}: use within`);
    return found[0];
  }

  const scoped = (scope) => scope.reduce((within, wanted) => one(wanted, within), document);
  const root = (scope) => (scope.length ? scoped(scope) : document.body);
  const target = ({ scope, role, name }) => one([role, name], scoped(scope));

  function enabled(el) {
    if (el.matches(':disabled') || el.ariaDisabled === 'true') unmet(`${describe(el)} is disabled`);
    return el;
  }

  /** What the pointer goes to: a box that is drawn by its label alone is met at the label. */
  function touched(el) {
    const { width, height } = el.getBoundingClientRect();
    const isDrawn = width > 1 && height > 1 && getComputedStyle(el).opacity !== '0';
    return isDrawn ? el : (el.labels?.[0] ?? el);
  }

  let before = null;

  /** The middle of an element that stands still, is in view, and has nothing above it. */
  function point(spec) {
    const el = touched(enabled(target(spec)));
    const box = el.getBoundingClientRect();
    const place = [box.x, box.y, box.width, box.height].join();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const isInView = x >= 0 && y >= 0 && x < innerWidth && y < innerHeight;
    if (!isInView) el.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
    const stands = before?.el === el && before.place === place;
    before = { el, place };
    if (!isInView || !stands) unmet(`${describe(el)} moves, or cannot be scrolled into view`);
    const above = document.elementFromPoint(x, y);
    const own = el.contains(above) || above?.contains(el) || Array.from(el.labels ?? []).some((l) => l.contains(above));
    if (!own) unmet(`${describe(el)} is covered by ${above ? covering(above) : 'the edge of the window'}`);
    return { x, y };
  }

  function covering(el) {
    const known = el.closest('dialog,[role],button,a,header,nav,section') ?? el;
    const mark = known.id ? `#${known.id}` : known.className && `.${String(known.className).split(' ')[0]}`;
    return `${describe(known)} (<${known.localName}>${mark || ''})`;
  }

  /** The innermost elements that show a text. */
  function showing(text, el) {
    if (!tidy(el.innerText ?? '').includes(text)) return [];
    const inner = Array.from(el.children).flatMap((child) => showing(text, child));
    return inner.length ? inner : [el];
  }

  /** Not what is for screen readers alone, or cannot be got at. */
  function isVisible(el) {
    const { width, height } = el.getBoundingClientRect();
    return width > 1 && height > 1 && !el.closest('[inert],noscript,script,style') && el.checkVisibility({
      visibilityProperty: true,
    });
  }

  const isSeen = ({ text, scope }) => showing(tidy(text), root(scope)).some(isVisible);

  function isHeard({ text, scope }) {
    const live = root(scope).querySelectorAll('[role=status],[role=alert],[role=log],[aria-live],output');
    return Array.from(live).some((el) => tidy(el.textContent).includes(tidy(text)));
  }

  function value(el) {
    if (el.localName === 'select') return tidy(Array.from(el.selectedOptions, (option) => option.label).join(', '));
    if (['checkbox', 'radio', 'switch'].includes(role(el))) return String(isChecked(el));
    return el.value ?? tidy(el.innerText);
  }

  const isChecked = (el) => (el.localName === 'input' ? el.checked : el.ariaChecked === 'true');

  function focused() {
    const el = document.activeElement;
    return !el || el === document.body ? { role: '', name: '' } : { role: role(el), name: name(el) };
  }

  const faultOf = (el) => (el.getAttribute('aria-describedby') ?? '').split(/\s+/)
    .map((id) => tidy(document.getElementById(id)?.textContent ?? '')).join(' ');

  const same = (is, wanted, what) => (is === wanted ? is : unmet(`${what} is “${is}”`));

  /** Each gives its answer, or throws why there is none yet. */
  const PROBES = {
    point,
    there: (spec) => describe(target(spec)),
    gone: ({ scope, role, name }) => all([role, name], scoped(scope)).length === 0 || unmet('it is there'),
    count: ({ scope, role, name, count }) => same(all([role, name], scoped(scope)).length, count, 'their number'),
    sees: (spec) => isSeen(spec) || unmet('that text is not on the screen'),
    unseen: (spec) => !isSeen(spec) || unmet('that text is on the screen'),
    hears: (spec) => isHeard(spec) || unmet('no status or alert says so'),
    value: (spec) => value(target(spec)),
    holds: (spec) => same(value(target(spec)), spec.value, `the value of ${describe(target(spec))}`),
    checked: (spec) => isChecked(target(spec)),
    described: (spec) => faultOf(target(spec)).includes(spec.text) || unmet(`it is described as “${faultOf(target(spec))}”`),
    invalid: (spec) => target(spec).ariaInvalid === 'true' || unmet('it is not marked so'),
    disabled: (spec) => target(spec).matches(':disabled,[aria-disabled=true]') || unmet('it is enabled'),
    focused: ({ role, name }) => {
      const has = focused();
      return (has.role === role && has.name === name) || unmet(`the focus is on ${describe(document.activeElement)}`);
    },
    address: ({ hash }) => same(location.hash, hash, 'the address'),
    options: (spec) => optionsOf(target(spec)),
    emptied: (spec) => emptied(enabled(target(spec))),
    chosen: (spec) => chosen(enabled(target(spec)), spec.option),
  };

  const optionsOf = (el) => Array.from(el.options ?? [], (option) => option.label);

  const NATIVE = new Set(['date', 'time', 'month', 'week', 'datetime-local', 'color', 'range']);

  /** Makes ready for typing over what is there; false where the browser has an own picker for it. */
  function emptied(el) {
    if (NATIVE.has(el.type)) return false;
    el.focus();
    if (el.select) el.select();
    else getSelection().selectAllChildren(el);
    return true;
  }

  /** Sets as the browser's own picker does, and tells the page as that does. */
  function chosen(el, wanted) {
    if (el.localName === 'select') {
      const option = Array.from(el.options).find(({ label, value }) => tidy(label) === wanted || value === wanted);
      if (!option || option.disabled) unmet(`${describe(el)} has no option “${wanted}”, but ${optionsOf(el).join(', ')}`);
      if (el.multiple) option.selected = !option.selected;
      else option.selected = true;
    } else {
      const setter = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
      setter.call(el, wanted);
    }
    el.focus();
    el.dispatchEvent(new Event('input', { bubbles: true }));
    el.dispatchEvent(new Event('change', { bubbles: true }));
    return true;
  }

  const EVENTS = ['focusin', 'focusout', 'input', 'change', 'hashchange', 'popstate', 'transitionend', 'animationend',
    'scroll', 'resize', 'load', 'toggle'];
  // Values and checks change without a trace in the DOM, so it is looked now and then all the same.
  const FRAMES = 12;

  /** Asks whenever the page has changed, until there is an answer or the time is over. */
  seen.until = (probe, spec, ms) => new Promise((resolve) => {
    let [changed, frames, last, over] = [true, 0, '', false];
    const note = () => {
      changed = true;
    };
    const observer = new MutationObserver(note);
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    for (const kind of EVENTS) addEventListener(kind, note, true);
    const end = (answer) => {
      over = true;
      observer.disconnect();
      for (const kind of EVENTS) removeEventListener(kind, note, true);
      resolve(answer);
    };
    const ask = () => {
      changed = false;
      try {
        end({ answer: PROBES[probe](spec) });
      } catch (error) {
        if (error instanceof Unmet) last = error.message;
        else end({ broken: String(error.stack ?? error) });
        // What moves is asked again in the next frame.
        changed = probe === 'point';
      }
    };
    const frame = () => {
      if (over) return;
      frames += 1;
      if (document.body && (changed || frames % FRAMES === 0)) ask();
      if (!over) requestAnimationFrame(frame);
    };
    setTimeout(() => over || end({ unmet: last }), ms);
    frame();
  });

  const STATES = [
    ['focused', (el) => el === document.activeElement],
    ['disabled', (el) => el.matches(':disabled,[aria-disabled=true]')],
    ['checked', (el) => isChecked(el)],
    ['invalid', (el) => el.ariaInvalid === 'true'],
    ['expanded', (el) => el.ariaExpanded === 'true'],
    ['busy', (el) => el.ariaBusy === 'true'],
  ];

  function line(el) {
    const states = STATES.filter(([, holds]) => holds(el)).map(([state]) => state);
    const isSecret = el.type === 'password';
    const holds = FIELDS.has(role(el)) && !['checkbox', 'radio', 'switch'].includes(role(el));
    const has = holds ? `: ${isSecret ? '•'.repeat(el.value.length) : value(el)}` : '';
    return describe(el) + has + (states.length ? ` [${states.join(', ')}]` : '');
  }

  /** What is on the screen, by roles and names, a line each. */
  seen.outline = () => {
    const lines = [];
    const walk = (node, depth) => {
      if (node.nodeType === Node.TEXT_NODE) {
        if (tidy(node.data)) lines.push(`${'  '.repeat(depth)}${tidy(node.data).slice(0, 160)}`);
        return;
      }
      if (node.nodeType !== Node.ELEMENT_NODE || !isShown(node)) return;
      if (['script', 'style', 'noscript', 'svg'].includes(node.localName)) return;
      const kind = role(node);
      if (kind) lines.push(`${'  '.repeat(depth)}${line(node)}`);
      const isTold = ['heading', 'button', 'link', 'option', 'combobox', 'textbox'].includes(kind);
      if (!isTold) for (const child of node.childNodes) walk(child, depth + (kind ? 1 : 0));
    };
    // What is behind a window cannot be reached.
    walk([...document.querySelectorAll('dialog:modal')].at(-1) ?? document.body, 1);
    return lines.slice(0, 250).join('\n');
  };

  document.addEventListener('securitypolicyviolation', (event) => {
    console.error(`Against the policy ${event.effectiveDirective}: ${event.blockedURI} ${event.sample}`);
  });
})();
