import { account } from './account.js';
import { api } from './api.js';
import { collections } from './collections.js';
import { faults, issues } from './faults.js';
import { frame } from './frame.js';
import { gates } from './gates.js';
import { home } from './home.js';

/** English, complete. */
export const en = {
  language: 'en',
  ...frame,
  ...gates,
  account,
  api,
  collections,
  faults,
  home,
  issues,
};
