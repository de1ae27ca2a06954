import { account } from './account.js';
import { collections } from './collections.js';
import { faults, issues } from './faults.js';
import { combobox, fields, json, picker } from './fields.js';
import { frame } from './frame.js';
import { gates } from './gates.js';
import { record } from './record.js';

/** English, complete. */
export const en = {
  language: 'en',
  ...frame,
  ...gates,
  account,
  collections,
  combobox,
  faults,
  fields,
  issues,
  json,
  picker,
  record,
};
