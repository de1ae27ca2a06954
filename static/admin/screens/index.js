// The registry of screens: one line for each. A screen is
// - `pattern`: its address, `/records/:collection/:id?`
// - `load`: loads the script of the screen when it is first opened, and resolves to its component,
//   which gets what the names in the pattern stand for
// - `nav` (may be missing): its entry in the navigation, `{ path, icon, label, needs }`; `needs` is
//   the permission without which it is not shown
// - `shortcut` (may be missing): the letter that, behind `g`, leads to it
import { account } from './account/index.js';
import { api } from './api/index.js';
import { collections } from './collections/index.js';
import { home } from './home/index.js';
import { records } from './records/index.js';
import { roles } from './roles/index.js';
import { settings } from './settings/index.js';
import { users } from './users/index.js';

/** All screens, in the order of the navigation. */
export const screens = [home, collections, records, users, roles, api, settings, account];
