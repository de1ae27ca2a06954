import { account } from './account.js';
import { api } from './api.js';
import { collectionEditor } from './collection-editor.js';
import { collections } from './collections.js';
import { conflict } from './conflict.js';
import { faults, issues } from './faults.js';
import { fieldWords } from './field-types.js';
import { combobox, fields, json, picker } from './fields.js';
import { frame } from './frame.js';
import { gates } from './gates.js';
import { home } from './home.js';
import { ownAccount } from './own-account.js';
import { permissions } from './permissions.js';
import { plan } from './plan.js';
import { record } from './record.js';
import { records, values } from './records.js';
import { roles } from './roles.js';
import { ruleEditor } from './rules.js';
import { sessions } from './sessions.js';
import { settings } from './settings.js';
import { users } from './users.js';

/** English, complete. */
export const en = {
  language: 'en',
  ...frame,
  ...gates,
  account,
  api,
  collectionEditor,
  collections,
  combobox,
  conflict,
  faults,
  fieldWords,
  fields,
  home,
  issues,
  json,
  ownAccount,
  permissions,
  picker,
  plan,
  record,
  records,
  roles,
  ruleEditor,
  sessions,
  settings,
  users,
  values,
};
