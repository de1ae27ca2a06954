import { formatNumber } from '../../format.js';
import { count } from './count.js';

const many = (n) => (n === null ? 'all records' : count(n, 'record', 'records'));
const SYSTEM = { createdAt: 'created', updatedAt: 'updated', deletedAt: 'deleted' };

/** How values are shown. */
export const values = {
  none: 'Nothing',
  hidden: 'Not for you to see',
  more: (n) => `+${formatNumber(n)}`,
};

/** The records of a collection. */
export const records = {
  busy: 'Loading records',
  region: (collection) => `Records of ${collection}`,
  column: (key) => SYSTEM[key] ?? key,
  columns: 'Columns',
  usualColumns: 'Usual columns',
  sortBy: {
    ascending: (column) => `Sort by ${column}, smallest first`,
    descending: (column) => `Sort by ${column}, largest first`,
    none: (column) => `No longer sort by ${column}`,
  },
  total: (shown, total, hasMore) => {
    if (total === null) return hasMore ? `${formatNumber(shown)}+ records` : count(shown, 'record', 'records');
    return hasMore ? `${formatNumber(shown)} of ${count(total, 'record', 'records')}` : count(total, 'record', 'records');
  },
  select: (title) => `Select ${title}`,
  selectShown: 'Select all that are shown',
  details: (title) => `More of ${title}`,
  moreFailed: 'This did not work. Try again.',
  new: 'New record',
  more: 'More',
  reload: 'Load again',
  api: 'API',
  definition: 'Definition',
  accounts: 'Users',
  trash: 'Deleted records',
  trashOf: (collection) => `${collection}: deleted`,
  leaveTrash: 'Back to the records',
  overtaken: 'Somebody else has changed this record. Your change is not saved.',
  openConflict: 'Open it',
  asBefore: (column) => `${column} is as it was before.`,

  search: 'Search',
  searchHint: (example) => `Words, or an expression: ${example}`,
  completions: 'Completions',
  faultAt: (line, column, message) => (line > 1 ? `At line ${line}, character ${column}: ${message}` : `At character ${column}: ${message}`),
  filter: 'Filter',
  conditions: 'Conditions',
  removeCondition: (text) => `Remove: ${text}`,

  builder: {
    title: 'Filter',
    field: 'Field',
    operator: 'Condition',
    value: 'Value',
    raw: 'Expression',
    add: 'Add condition',
    remove: 'Remove condition',
    expression: 'As an expression',
    nothing: 'nothing yet',
    apply: 'Show what fits',
    clear: 'Clear filter',
    operators: {
      is: 'is',
      isNot: 'is not',
      less: 'is less than',
      atMost: 'is at most',
      more: 'is more than',
      atLeast: 'is at least',
      contains: 'contains',
      startsWith: 'begins with',
      endsWith: 'ends with',
      called: 'is called like',
      has: 'has',
      hasNot: 'does not have',
      isEmpty: 'is empty',
      isFilled: 'is not empty',
      hasNone: 'has none',
      hasSome: 'has some',
    },
  },

  bulk: {
    selected: (n) => (n === null ? 'All selected' : `${formatNumber(n)} selected`),
    all: (n) => `Select all ${formatNumber(n)}`,
    clear: 'Select none',
    changedMeanwhile: (n) => `The list has changed: ${count(n, 'record fits', 'records fit')} now. Look again, then repeat this.`,
    forGood: 'They go for good and cannot be brought back.',
    goAlong: (names) => `Records that belong to them go along, from: ${names}.`,
    remove: {
      action: 'Delete',
      ask: (n) => `Delete ${many(n)}?`,
      busy: (done, all) => progress('Deleting', done, all),
      busyShort: 'Deleting',
      done: (n) => `${count(n, 'record', 'records')} deleted.`,
    },
    restore: {
      action: 'Restore',
      busy: (done, all) => progress('Restoring', done, all),
      done: (n) => `${count(n, 'record', 'records')} restored.`,
    },
    purge: {
      action: 'Delete for good',
      ask: (n) => `Delete ${many(n)} for good?`,
      busyShort: 'Deleting',
      done: (n) => `${count(n, 'record', 'records')} deleted for good.`,
    },
    edit: {
      title: (n) => `Edit ${many(n)}`,
      action: 'Edit',
      change: 'Change all',
      busy: (done, all) => progress('Changing', done, all),
      field: 'Field',
      value: 'New value',
      empty: 'Make it empty',
      nulls: 'A null inside of an object cannot be stored in many records at once.',
      none: 'No field of this collection can be changed for many records at once.',
      done: (n) => `${count(n, 'record', 'records')} changed.`,
    },
    export: { action: 'Export' },
  },

  exports: {
    title: (collection) => `Export ${collection}`,
    which: 'Records',
    selected: (n) => `The selected (${formatNumber(n)})`,
    shown: (n) => (n === null ? 'What the filter shows' : `What the filter shows (${formatNumber(n)})`),
    all: (n) => (n === null ? 'Everything' : `Everything (${formatNumber(n)})`),
    format: 'Format',
    formats: [
      { value: 'csv', label: 'CSV, for spreadsheets' },
      { value: 'ndjson', label: 'NDJSON, a record on each line' },
    ],
    columns: 'Columns',
    allColumns: 'All',
    shownColumns: 'As in the list',
    start: 'Export',
    progress: (rows, total) => (total === null ? count(rows, 'record', 'records') : `${formatNumber(rows)} of ${count(total, 'record', 'records')}`),
    done: (n) => `${count(n, 'record', 'records')} exported.`,
  },

  imports: {
    title: (collection) => `Import into ${collection}`,
    file: 'File',
    fileHelp: 'CSV with the names of fields in its first line, or NDJSON with a record on each line.',
    format: 'Format',
    mode: 'Each row',
    create: 'makes a new record',
    upsert: (field) => `replaces the record with the same ${field}, or makes one`,
    onError: 'Where a row is bad',
    onErrors: [
      { value: 'abort', label: 'import nothing' },
      { value: 'skip', label: 'leave it out, import the others' },
    ],
    start: 'Import',
    sending: (sent, size) => `${sent} of ${size} sent`,
    writing: 'Writing the records',
    refused: 'Nothing was imported. Mend these lines, then import the file again.',
    result: (created, updated, failed) => {
      const parts = [`${formatNumber(created)} made`, updated > 0 && `${formatNumber(updated)} replaced`, failed > 0 && `${count(failed, 'row', 'rows')} left out`];
      return `${parts.filter(Boolean).join(', ')}.`;
    },
    faults: 'Bad lines',
    line: 'Line',
    field: 'Field',
    why: 'What is wrong',
    row: 'whole row',
    moreFaults: 'These are the first 100 faults.',
    toRecords: 'To the records',
    takeBack: 'Take it back',
    takingBack: 'Taking it back',
    takeBackHelp: 'Taking it back deletes what this import has made, except what has been changed since. Now only: this window does not come back.',
    takenBack: (deleted, kept) => (kept > 0 ? `${count(deleted, 'record', 'records')} taken back, ${formatNumber(kept)} kept because of changes since.` : `${count(deleted, 'record', 'records')} taken back.`),
  },

  none: {
    title: 'No records yet',
    lead: 'Make the first one here, bring a file, or send it by the API.',
    leadOfReader: 'There is nothing in this collection that you may see.',
  },
  noSuchOrder: { title: 'They cannot be sorted so', action: 'Show them without it' },
  nothingFits: { title: 'Nothing fits', lead: 'No record is what you look for.', action: 'Clear search and filter' },
  nothingDeleted: { title: 'Nothing deleted', lead: 'Records that are deleted come here, until somebody restores them or deletes them for good.' },
  unknown: {
    title: (name) => `There is no collection ${name}`,
    action: 'To the collections',
  },
  notAllowed: {
    title: () => 'Not for your account',
    lead: 'Your account may not list these records. Ask an administrator for a role that allows it.',
  },
};

function progress(doing, done, all) {
  return all === null || done === 0 ? doing : `${doing} ${formatNumber(done)} of ${formatNumber(all)}`;
}
