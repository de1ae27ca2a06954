import { account } from './account.js';
import { api } from './api.js';
import { collections } from './collections.js';
import { conflict } from './conflict.js';
import { faults, issues } from './faults.js';
import { combobox, fields, json, picker } from './fields.js';
import { frame } from './frame.js';
import { gates } from './gates.js';
import { home } from './home.js';
import { ownAccount } from './own-account.js';
import { permissions } from './permissions.js';
import { roles } from './roles.js';
import { sessions } from './sessions.js';
import { settings } from './settings.js';
import { users } from './users.js';
import { record } from './record.js';
import { records, values } from './records.js';

/** English, complete. */
export const en = {
  language: 'en',
  ...frame,
  ...gates,
  account,
  api,
  collections,
  conflict,
  faults,
  home,
  issues,
  ownAccount,
  permissions,
  roles,
  sessions,
  settings,
  users,
  combobox,
  fields,
  json,
  picker,
  record,
  records,
  values,
};
