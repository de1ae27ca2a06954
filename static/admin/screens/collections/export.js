// Definitions as files, in the form that `stead schema export` writes and `apply` reads.
import { saveFile } from '../../download.js';
import { bare } from './rights.js';

/** Those that are no part of Stead. */
export const exportable = (all) => all.filter(({ name }) => name !== 'users');

/** The text of such a file. */
export function fileOf(definitions) {
  return `${JSON.stringify({ collections: definitions.map(bare) }, null, 2)}\n`;
}

/** Downloads all definitions. */
export function exportAll(all) {
  download('collections.json', exportable(all));
}

/** Downloads one. */
export function exportOne(definition) {
  download(`${definition.name}.json`, [definition]);
}

function download(name, definitions) {
  saveFile(new Blob([fileOf(definitions)], { type: 'application/json' }), name);
}
