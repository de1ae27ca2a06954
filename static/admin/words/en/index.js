import { account } from './account.js';
import { collectionEditor } from './collection-editor.js';
import { collections } from './collections.js';
import { fieldWords } from './field-types.js';
import { faults, issues } from './faults.js';
import { frame } from './frame.js';
import { gates } from './gates.js';
import { plan } from './plan.js';
import { ruleEditor } from './rules.js';

/** English, complete. */
export const en = {
  language: 'en',
  ...frame,
  ...gates,
  account,
  collectionEditor,
  collections,
  fieldWords,
  plan,
  ruleEditor,
  faults,
  issues,
};
