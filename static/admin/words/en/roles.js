import { count } from './count.js';

/** What users may do. */
export const roles = {
  title: 'Roles',
  lead: 'A user may do whatever any of the own roles allows. A change counts from the next request.',
  add: 'New role',
  list: 'Roles',
  changed: (name) => `${name} (changed)`,
  unknown: 'There is no such role. It may have been deleted.',
  adminFixed: 'The role admin allows everything, and can be neither changed nor deleted: administrators are known by it.',
  beyond: (told) => `This role allows more than your account, so you cannot change it: ${told}`,
  holders: (n) => (n === 0 ? 'Nobody has this role' : `${count(n, 'user has', 'users have')} this role`),

  remove: {
    action: 'Delete role',
    title: (name) => `Delete the role ${name}?`,
    lead: 'What it allows is lost. Nobody has it, so nobody loses a right.',
    refused: 'Users have this role, among them perhaps deleted ones, who can be restored. Take it from them first.',
    done: (name) => `The role ${name} is gone.`,
  },

  inUse: {
    title: (name) => `${name} is in use`,
    lead: 'A role can be deleted once nobody has it. Deleted users count, because they can be restored.',
    live: (n) => `Show ${count(n, 'user', 'users')} with this role`,
    deleted: (n) => `Show ${count(n, 'deleted user', 'deleted users')} with this role`,
  },

  matrix: {
    everything: 'Everything',
    wholeSystem: 'Everything of the system',
    records: 'Records',
    system: 'System',
    collection: 'Collection',
    part: 'Part',
    legend: 'A chain marks what a wider permission brings along. Press it to read which. Restore shows deleted records, purge deletes them for good, bypass is bound by no rule.',
  },

  cell: {
    label: (role, permission) => `${role}: ${permission}`,
    of: (action, what) => `${action} ${what}`,
    impliedBy: (permission) => `comes with ${permission}`,
    notHeld: 'you do not hold this yourself, so you cannot give it',
    fixed: 'cannot be changed here',
  },

  text: {
    label: 'As text',
    help: 'One permission a line, such as posts:write, *:read or system:roles:read.',
  },

  changes: {
    title: 'Changes that are not saved',
    drop: 'Discard',
    saved: (name) => `The role ${name} was saved.`,
    allowed: 'allowed',
    notAllowed: 'not allowed',
  },

  making: {
    title: 'New role',
    name: 'Name',
    nameHelp: 'Lower-case letters, digits, - and _, a letter first: night-shift. It is never changed.',
    from: 'Begin with what this role allows',
    empty: 'Nothing',
    submit: 'Create role',
    busy: 'Creating role',
    done: (name) => `The role ${name} is there. Now say what it allows.`,
  },
};
