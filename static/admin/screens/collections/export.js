// Definitions as files, in the form that `stead schema export` writes and `apply` reads.
import { bare } from './rights.js';

/** Those that are no part of Stead. */
export const exportable = (all) => all.filter(({ name }) => name !== 'users');

/** The text of such a file. */
export function fileOf(definitions) {
  return `${JSON.stringify({ collections: definitions.map(bare) }, null, 2)}\n`;
}

/** Downloads all definitions. */
export function exportAll(all) {
  download('collections.json', fileOf(exportable(all)));
}

/** Downloads one. */
export function exportOne(definition) {
  download(`${definition.name}.json`, fileOf([definition]));
}

function download(name, text) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = name;
  link.click();
  // The browser has taken it by then, and a file of definitions is small.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
