import { ask, useReach } from '../reach.js';
import { html } from '../view.js';
import { words } from '../words/index.js';
import { Button } from './button.js';
import { Icon } from './icon.js';

/** Says that Stead cannot be reached, as long as that is so. */
export function OfflineBanner() {
  const isReached = useReach();
  return html`
    <div role="status">
      ${!isReached &&
      html`<div class="banner"><${Icon} name="wifi-off" /> <p>${words.offline}</p> <${Button} kind="quiet" onClick=${ask}>${words.retry}<//></div>`}
    </div>
  `;
}
