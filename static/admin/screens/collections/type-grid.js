import { IconButton } from '../../components/button.js';
import { Icon } from '../../components/icon.js';
import { typeIcon } from '../../fields/types.js';
import { html, useEffect, useRef } from '../../view.js';
import { words } from '../../words/index.js';
import { OPTIONS } from './definition.js';

/** What a new field can be. */
export function TypeGrid({ onChoose, onClose }) {
  const grid = useRef(null);
  useEffect(() => {
    if (onClose) grid.current.querySelector('.col-type').focus();
  }, []);
  const { chooseType } = words.collectionEditor;
  const keys = (event) => {
    if (event.key === 'Escape' && onClose) onClose();
  };
  return html`
    <section class="panel-box" ref=${grid} onKeyDown=${keys}>
      <header class="col-grid-head">
        <h2>${chooseType}</h2>
        ${onClose && html`<${IconButton} icon="x" label=${words.close} onClick=${onClose} />`}
      </header>
      <div class="col-types">
        ${Object.keys(OPTIONS).map((type) => {
          const { title, lead } = words.fieldWords.types[type];
          return html`
            <button class="col-type" type="button" key=${type} onClick=${() => onChoose(type)}>
              <${Icon} name=${typeIcon(type)} /><strong>${title}</strong><span>${lead}</span>
            </button>
          `;
        })}
      </div>
    </section>
  `;
}
