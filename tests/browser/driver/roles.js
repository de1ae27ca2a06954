// What a page is to its user: roles and names of what can be seen, by the rules of ARIA in HTML and
// of accessible names, as far as this project's pages use them. Runs in the page, before its scripts.
(() => {
  const INPUTS = {
    button: 'button', submit: 'button', reset: 'button', image: 'button', checkbox: 'checkbox', radio: 'radio',
    range: 'slider', number: 'spinbutton', search: 'searchbox', file: 'file', color: 'color', hidden: '',
    date: 'date', time: 'date', month: 'date', week: 'date', 'datetime-local': 'date',
  };
  const TAGS = {
    article: 'article', aside: 'complementary', button: 'button', details: 'group', dialog: 'dialog', fieldset: 'group',
    figure: 'figure', h1: 'heading', h2: 'heading', h3: 'heading', h4: 'heading', h5: 'heading', h6: 'heading',
    hr: 'separator', li: 'listitem', main: 'main', menu: 'list', meter: 'meter', nav: 'navigation', ol: 'list',
    optgroup: 'group', option: 'option', output: 'status', progress: 'progressbar', search: 'search', summary: 'button',
    table: 'table', tbody: 'rowgroup', textarea: 'textbox', tfoot: 'rowgroup', thead: 'rowgroup', tr: 'row', ul: 'list',
  };
  const OF_CONTENT = new Set([
    'button', 'cell', 'checkbox', 'columnheader', 'gridcell', 'heading', 'link', 'menuitem', 'menuitemcheckbox',
    'menuitemradio', 'option', 'radio', 'row', 'rowheader', 'switch', 'tab', 'tooltip', 'treeitem', 'listitem',
  ]);
  const FIELDS = new Set([
    'textbox', 'searchbox', 'combobox', 'spinbutton', 'checkbox', 'radio', 'switch', 'slider', 'listbox', 'file',
    'color', 'date',
  ]);

  const tidy = (text) => text.replace(/\s+/g, ' ').trim();

  function role(el) {
    const given = el.getAttribute('role')?.trim().split(/\s+/)[0];
    return given && given !== 'none' && given !== 'presentation' ? given : implicit(el);
  }

  function implicit(el) {
    const tag = el.localName;
    if (el.getAttribute('role')) return '';
    if (tag === 'input') return INPUTS[el.type] ?? (el.list ? 'combobox' : 'textbox');
    if (tag === 'a' || tag === 'area') return el.hasAttribute('href') ? 'link' : '';
    if (tag === 'select') return el.multiple || el.size > 1 ? 'listbox' : 'combobox';
    if (tag === 'td') return el.closest('[role=grid],[role=treegrid]') ? 'gridcell' : 'cell';
    if (tag === 'th') return el.scope === 'row' ? 'rowheader' : 'columnheader';
    if (tag === 'img') return el.getAttribute('alt') === '' ? '' : 'img';
    if (tag === 'section') return labelled(el) ? 'region' : '';
    if (tag === 'form') return labelled(el) ? 'form' : '';
    if (tag === 'header' || tag === 'footer') {
      if (el.closest('article,aside,main,nav,section')) return '';
      return tag === 'header' ? 'banner' : 'contentinfo';
    }
    if (el.isContentEditable && !el.parentElement?.isContentEditable) return 'textbox';
    return TAGS[tag] ?? '';
  }

  function labelled(el) {
    const ids = el.getAttribute('aria-labelledby')?.split(/\s+/) ?? [];
    const others = ids.map((id) => document.getElementById(id)).filter(Boolean);
    const text = tidy(others.map((other) => other.getAttribute('aria-label') ?? content(other)).join(' '));
    return text || tidy(el.getAttribute('aria-label') ?? '');
  }

  /** The accessible name. */
  function name(el) {
    return labelled(el) || native(el) || (OF_CONTENT.has(role(el)) ? tidy(content(el)) : '') ||
      tidy(el.getAttribute('title') ?? el.getAttribute('placeholder') ?? '');
  }

  function native(el) {
    if (el.labels?.length) return tidy(Array.from(el.labels, (label) => content(label, el)).join(' '));
    if (el.localName === 'input' && ['button', 'submit', 'reset'].includes(el.type)) return el.value;
    if (el.localName === 'img' || el.type === 'image') return tidy(el.alt);
    const inner = { fieldset: 'legend', table: 'caption', figure: 'figcaption' }[el.localName];
    const title = inner && el.querySelector(`:scope > ${inner}`);
    return title ? tidy(content(title)) : tidy(el.querySelector(':scope > title')?.textContent ?? '');
  }

  /** The text of an element for a name: hidden parts left out, images and labels by their words. */
  function content(el, without) {
    let text = '';
    for (const child of el.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) text += child.data;
      if (child.nodeType !== Node.ELEMENT_NODE || child === without || child.ariaHidden === 'true') continue;
      if (['select', 'textarea', 'script', 'style'].includes(child.localName)) continue;
      if (!child.checkVisibility({ visibilityProperty: true })) continue;
      const gap = getComputedStyle(child).display.startsWith('inline') ? '' : ' ';
      text += gap + (labelled(child) || native(child) || content(child, without)) + gap;
    }
    return text;
  }

  /** Whether a user can get at it: rendered, not inert, not behind a modal dialog. */
  function isShown(el) {
    if (!el.checkVisibility({ visibilityProperty: true }) || el.closest('[inert],[aria-hidden=true]')) return false;
    const modal = document.querySelector('dialog:modal');
    return !modal || el.closest('dialog:modal') !== null;
  }

  const describe = (el) => {
    const text = name(el);
    const short = text.length > 80 ? `${text.slice(0, 79)}…` : text;
    return `${role(el) || el.localName}${short ? ` “${short}”` : ''}`;
  };

  window.__seen = { FIELDS, tidy, role, name, content, isShown, describe };
})();
