import { useAllows } from '../../session.js';
import { html } from '../../view.js';
import { InstanceHome } from './instance-home.js';
import { OwnHome } from './own-home.js';

/** Where one arrives: the state of the instance for who may know it, else what one may do here. */
export function Home() {
  const allows = useAllows();
  return allows('system:status:read') ? html`<${InstanceHome} />` : html`<${OwnHome} />`;
}
