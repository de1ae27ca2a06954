import { IconButton, Button } from '../../components/button.js';
import { Loaded } from '../../components/loaded.js';
import { Page } from '../../components/page.js';
import { Skeleton } from '../../components/skeleton.js';
import { reloadDefinitions, useDefinitions } from '../../definitions.js';
import { isRelation } from '../../fields/types.js';
import { to } from '../../router.js';
import { html, useEffect, useMemo, useRef, useState } from '../../view.js';
import { words } from '../../words/index.js';
import { layout } from './layout.js';
import { editorPath } from './paths.js';
import { Actions, Views } from './views.js';

const STEP = 1.25;
const SMALLEST = 0.25;
// Smaller than that nobody reads it: then it scrolls.
const LEGIBLE = 0.6;
const LARGEST = 2;

/** The collections as boxes, and the relations between them as arrows. */
export function Picture() {
  const { items, fault, isBusy } = useDefinitions();
  const load = { value: items, fault, isBusy, reload: reloadDefinitions };
  const { title, pictureHelp } = words.collections;
  return html`
    <${Page} title=${title} isWide actions=${html`<${Actions} all=${items} />`} tabs=${html`<${Views} current="picture" />`}>
      <p class="hint">${pictureHelp}</p>
      <${Loaded} load=${load} skeleton=${html`<${Skeleton} rows=${8} />`}>
        ${(all) => html`<${Canvas} all=${all} /><${AsText} all=${all} />`}
      <//>
    <//>
  `;
}

function Canvas({ all }) {
  const picture = useMemo(() => layout(all), [all]);
  const region = useRef(null);
  const [zoom, setZoom] = useState(null);
  const fit = () => setZoom(Math.max(Math.min((region.current.clientWidth - 2) / picture.width, 1), LEGIBLE));
  useEffect(fit, [picture]);
  const by = (factor) => setZoom((was) => Math.min(Math.max(was * factor, SMALLEST), LARGEST));
  const { zoomIn, zoomOut, fit: fitWord, pictureLabel } = words.collections;
  return html`
    <div class="actions">
      <${IconButton} icon="minus" label=${zoomOut} kind="plain" onClick=${() => by(1 / STEP)} />
      <${IconButton} icon="plus" label=${zoomIn} kind="plain" onClick=${() => by(STEP)} />
      <${Button} onClick=${fit}>${fitWord}<//>
    </div>
    <div class="col-canvas" ref=${region} tabindex="0" role="region" aria-label=${pictureLabel}>
      <svg width=${picture.width * (zoom ?? 1)} height=${picture.height * (zoom ?? 1)} viewBox=${`0 0 ${picture.width} ${picture.height}`}>
        <defs>
          <marker id="col-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 L8 4 L0 8 z" /></marker>
        </defs>
        ${picture.arrows.map((arrow) => html`<${Arrow} key=${`${arrow.from}.${arrow.field}`} ...${arrow} />`)}
        ${picture.boxes.map((box) => html`<${Box} key=${box.name} ...${box} />`)}
        ${picture.arrows.map(({ from, field, label, onDelete }) => html`<text class="col-arrow-label" key=${`${from}.${field}`} x=${label.x} y=${label.y} text-anchor=${label.anchor} aria-hidden="true">${words.collections.onDeleteShort[onDelete]}</text>`)}
      </svg>
    </div>
  `;
}

function Box({ name, x, y, width, height, rows, more, moreY }) {
  const { moreFields } = words.collections;
  return html`
    <g class="col-box">
      <a href=${to(editorPath(name))}>
        <rect x=${x} y=${y} width=${width} height=${height} rx="6" />
        <text class="col-box-name" x=${x + 12} y=${y + 21}>${name}</text>
      </a>
      <path class="col-box-line" d=${`M${x} ${y + 32} h${width}`} />
      <g class="col-box-rows">
        ${rows.map(
          (row) => html`
            <text class="col-box-field" key=${row.name} x=${x + 12} y=${row.y + 4}>${row.name}</text>
            <text class="col-box-type" key=${`${row.name}:`} x=${x + width - 12} y=${row.y + 4} text-anchor="end">${row.type}</text>
          `,
        )}
        ${more > 0 && html`<text class="col-box-type" x=${x + 12} y=${moreY + 4}>${moreFields(more)}</text>`}
      </g>
    </g>
  `;
}

function Arrow({ path, from, field, to: target, onDelete, isMany }) {
  const { relation, onDelete: said } = words.collections;
  return html`
    <g class=${`col-arrow ${isMany ? 'col-arrow-many' : ''}`} aria-hidden="true">
      <title>${relation(`${from}.${field}`, target, said[onDelete])}</title>
      <path d=${path} marker-end="url(#col-tip)" />
    </g>
  `;
}

/** The same for who does not see it; it opens for everybody. */
function AsText({ all }) {
  const { asText, noRelations, relation, onDelete } = words.collections;
  return html`
    <details class="panel-box">
      <summary>${asText}</summary>
      <ul class="col-text">
        ${all.map(({ name, fields }) => {
          const relations = fields.filter(({ type, collection }) => isRelation(type) && collection);
          return html`
            <li key=${name}>
              <a href=${to(editorPath(name))}>${name}</a>
              ${relations.length === 0
                ? html` ${noRelations}`
                : html`<ul>${relations.map((field) => html`<li key=${field.name}>${relation(field.name, field.collection, onDelete[field.onDelete ?? ''])}</li>`)}</ul>`}
            </li>
          `;
        })}
      </ul>
    </details>
  `;
}
