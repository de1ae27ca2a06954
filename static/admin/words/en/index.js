import { account } from './account.js';
import { collections } from './collections.js';
import { faults, issues } from './faults.js';
import { frame } from './frame.js';
import { gates } from './gates.js';
import { records, values } from './records.js';

/** English, complete. */
export const en = {
  language: 'en',
  ...frame,
  ...gates,
  account,
  collections,
  faults,
  issues,
  records,
  values,
};
