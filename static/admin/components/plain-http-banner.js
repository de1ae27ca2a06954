import { html } from '../view.js';
import { words } from '../words/index.js';
import { Icon } from './icon.js';

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

/** Warns where the page came over the network in the clear. */
export function PlainHttpBanner() {
  if (location.protocol !== 'http:' || LOOPBACK.test(location.hostname)) return null;
  return html`<aside class="banner" aria-label=${words.warning}><${Icon} name="triangle-alert" /> <p>${words.plainHttp}</p></aside>`;
}
