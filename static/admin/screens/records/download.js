// A stream of records into a file: counted as it comes, ended when nobody wants it any more.
import { api, withQuery } from '../../api.js';
import { recordsPath } from '../../names.js';

const QUOTE = 34;
const LINE_END = 10;
// As many ids as stand in one address.
const PIECE = 100;
const TYPES = { csv: 'text/csv', ndjson: 'application/x-ndjson' };

/**
 * The records as a Blob. `ids` (may be null) chooses some by name, `asked` has the conditions, the
 * order and the fields. `onRows` gets how many have come.
 */
export async function fetchExport(collection, format, { ids, asked, onRows, signal }) {
  const chunks = [];
  const count = counter(format, onRows);
  for (const address of addresses(collection, format, ids, asked)) {
    const response = await api.open(address, { signal });
    await collect(response.body.getReader(), chunks, count, { isFirst: chunks.length === 0, isCsv: format === 'csv' });
  }
  return new Blob(chunks, { type: TYPES[format] });
}

function addresses(collection, format, ids, asked) {
  const path = `${recordsPath(collection)}/export`;
  if (!ids) return [withQuery(path, { format, ...asked })];
  const pieces = Array.from({ length: Math.ceil(ids.length / PIECE) }, (_, at) => ids.slice(at * PIECE, (at + 1) * PIECE));
  return pieces.map((piece) => withQuery(path, { format, ...asked, 'id[in]': piece.join(',') }));
}

async function collect(reader, chunks, count, { isFirst, isCsv }) {
  // The files of the second piece and those behind it go on where the first ended, without a header.
  let isHeader = isCsv && !isFirst;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const end = isHeader ? value.indexOf(LINE_END) : -1;
    const rest = isHeader ? value.subarray(end + 1) : value;
    isHeader = isHeader && end === -1;
    if (isHeader) continue;
    chunks.push(rest);
    count(rest);
  }
}

/** Counts lines as they come; a line end within quotes of CSV is none. */
function counter(format, onRows) {
  let rows = format === 'csv' ? -1 : 0;
  let isQuoted = false;
  return (bytes) => {
    for (const byte of bytes) {
      if (byte === QUOTE && format === 'csv') isQuoted = !isQuoted;
      else if (byte === LINE_END && !isQuoted) rows += 1;
    }
    onRows(Math.max(0, rows));
  };
}
