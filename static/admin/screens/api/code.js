import { Command } from '../../components/command.js';
import { Tabs } from '../../components/tabs.js';
import { to, useAddress } from '../../router.js';
import { html } from '../../view.js';
import { words } from '../../words/index.js';
import { toCurl, toJavaScript } from './request.js';

/** A request as one writes it elsewhere, in the language that the address names (`as`). */
export function Code({ request, call }) {
  const texts = { curl: toCurl(request, call.file), javascript: toJavaScript(request, { isText: Boolean(call.file) }) };
  return html`<${Languages} label=${words.api.language} texts=${texts} />`;
}

/** The same lines in several languages, `{ curl, javascript }`; `label` says what they do. */
export function Languages({ label, texts }) {
  const { path, query } = useAddress();
  const language = query.as in texts ? query.as : Object.keys(texts)[0];
  const tabs = Object.keys(texts).map((name) => ({ href: to(path, { ...query, as: name }), label: words.api.languages[name], isCurrent: name === language }));
  return html`
    <div class="api-code">
      <${Tabs} label=${label} tabs=${tabs} />
      <${Command} text=${texts[language]} label=${`${label}: ${words.api.languages[language]}`} />
    </div>
  `;
}
