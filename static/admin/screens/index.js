// The registry of screens: one line for each. A screen is
// - `pattern`: its address, `/records/:collection/:id?`
// - `Screen`: a component that gets what the names in the pattern stand for
// - `nav` (may be missing): its entry in the navigation, `{ path, icon, label, needs }`; `needs` is
//   the permission without which it is not shown
// - `shortcut` (may be missing): the letter that, behind `g`, leads to it
import { collections } from './collections/index.js';
import { records } from './records/index.js';

/** All screens, in the order of the navigation. */
export const screens = [collections, records];
