import { count } from './count.js';

/** Inputs and values of fields. */
export const fields = {
  noValue: 'No value',
  isEmptyText: 'Empty text',
  isEmptyList: 'Empty list',
  setNull: 'Set to no value',
  setEmptyText: 'Make it an empty text',
  clear: (field) => `Clear ${field}`,
  choose: 'Choose …',
  findOption: 'Find an option',
  noOption: 'No option has that in it.',
  now: 'Now',
  inUtc: (zone) => (zone === 'UTC' ? 'UTC:' : `Time of ${zone}. UTC:`),
  lengthOf: (length, max) => `${length} of ${max}`,
  halfTyped: 'Fill in all parts of it, or none.',
  notInteger: 'Write a whole number, such as 1200.',
  notNumber: 'Write a number such as 1200.5 or 1.2e3, without spaces or commas.',
  notDecimal: 'Write a number such as 1200.50, without spaces or commas.',

  help: {
    characters: {
      from: (min) => `At least ${min} characters.`,
      to: (max) => `At most ${max} characters.`,
      between: (min, max) => `${min} to ${max} characters.`,
    },
    numbers: {
      from: (min) => `At least ${min}.`,
      to: (max) => `At most ${max}.`,
      between: (min, max) => `${min} to ${max}.`,
    },
    days: {
      from: (min) => `Not before ${min}.`,
      to: (max) => `Not after ${max}.`,
      between: (min, max) => `From ${min} to ${max}.`,
    },
    digits: (scale) => (scale === 0 ? 'Whole numbers.' : `At most ${count(scale, 'digit', 'digits')} behind the point.`),
    pattern: (pattern) => `In the form ${pattern}`,
    unique: 'No two records may have the same.',
  },
};

/** Choosing from a list that is searched by typing. */
export const combobox = {
  options: 'What could be meant',
  nothing: 'Nothing fits.',
};

/** Choosing records to point at. */
export const picker = {
  search: (collection) => `Find in ${collection}`,
  create: (one) => `New ${one}`,
  createNamed: (one, text) => `New ${one} “${text}”`,
  open: (title) => `Open ${title}`,
  up: (title) => `Move ${title} up`,
  down: (title) => `Move ${title} down`,
  remove: (title) => `Remove ${title}`,
  removed: (title) => `${title} is removed.`,
  moved: (title, at, of) => `${title} is number ${at} of ${of} now.`,
  showAll: (n) => `Show all ${n}`,
};

/** JSON as it is typed. */
export const json = {
  format: 'Format',
  folded: 'Folded',
  asText: 'As text',
  goThere: 'Go there',
  items: (n) => count(n, 'item', 'items'),
  members: (n) => count(n, 'member', 'members'),
  rest: (n) => `${count(n, 'more', 'more')} not shown`,
  faultAt: ({ code, line, column, found }) => `Line ${line}, column ${column}: ${FAULTS[code](found)}`,
};

const FAULTS = {
  end: () => 'the text ends too early.',
  unexpected: (found) => (found === "'" ? 'texts and names stand in double quotation marks.' : `${found} cannot stand here.`),
  string: () => 'this text is not closed, or has a line break or a \\ that JSON does not know.',
  duplicate: (found) => `the name “${found}” stands twice.`,
  imprecise: (found) => `browsers cannot keep ${found} exactly. Write it as a text, in quotation marks.`,
  deep: () => 'at most 64 levels deep.',
};
