import { count } from './count.js';

/** The accounts of this instance. */
export const users = {
  title: 'Users',
  one: 'User',
  add: 'New user',
  total: (n) => count(n, 'user', 'users'),
  tabs: { live: 'All users', trash: 'Trash' },
  none: 'Nobody fits',
  noneLead: 'No user has that name, address, role or status.',
  noRoles: 'no role',
  statuses: { active: 'Active', disabled: 'Disabled' },
  columns: { name: 'Name', email: 'Email', roles: 'Roles', status: 'Status', changed: 'Changed' },
  sessions: 'Sessions',
  trashEmpty: 'The trash is empty',
  trashEmptyLead: 'Users that are deleted wait here until they are restored or deleted for good.',

  filters: {
    label: 'Which users are shown',
    search: 'Name or email',
    role: 'Role',
    anyRole: 'Any role',
    status: 'Status',
    anyStatus: 'Any status',
    sort: 'Order',
    sorts: {
      displayName: 'Name, A to Z',
      '-displayName': 'Name, Z to A',
      email: 'Email, A to Z',
      '-email': 'Email, Z to A',
      '-updatedAt': 'Changed last',
      updatedAt: 'Changed first',
      '-createdAt': 'Newest',
      status: 'Active first',
      '-status': 'Disabled first',
    },
  },

  choice: {
    title: 'Roles',
    unseen: (names) => (names.length === 0 ? 'No role. Your account may not see which roles there are.' : `${names.join(', ')}. Your account may not see what they allow.`),
    beyond: (told) => `Allows more than your account: ${told.join(' · ')}`,
  },

  making: {
    title: 'New user',
    submit: 'Create user',
    busy: 'Creating user',
    nameHelp: 'How others see this person.',
    passwordHelp: 'For the first sign-in only. The new user must then choose another.',
    generate: 'Generate',
  },

  handOver: {
    title: (name) => `${name} can sign in`,
    lead: 'The account is there. Hand this over now: the password is shown this once.',
    label: 'Address, email and password',
    lines: (page, email, password) => `${page}\n${email}\n${password}`,
    then: 'Before anything else, the first sign-in asks for a password of the own choice.',
    open: 'Open the account',
  },

  panel: {
    made: 'Made',
    changed: 'changed',
    avatarUrl: 'Address of the picture',
    saved: (name) => `${name} was saved.`,
    self: 'This is your own account. Its password and your sessions are under your name, below the navigation.',
    beyond: 'This user may do more than your account, so you cannot change it:',
  },

  standing: {
    title: 'Sign-in',
    isActive: 'May sign in. Who forgot the password gets another from whoever runs this server: stead admin password.',
    isDisabled: 'May not sign in. Roles are kept until the account is active again.',
    working: 'One moment',
    disable: 'Disable',
    disabled: (name) => `${name} is disabled and signed out.`,
    activate: 'Activate',
    activated: (name) => `${name} may sign in again.`,
    removed: (name) => `${name} was deleted and signed out.`,
    disableSelf: 'Disable your own account?',
    removeSelf: 'Delete your own account?',
    selfLead: 'You are signed out at once, and only another administrator can bring you back.',
    goOn: 'Go on',
  },

  lock: {
    lead: 'Too many wrong passwords: who signs in to this account has to wait, from one network or from all.',
    until: (time) => `The wait is over at ${time}.`,
    lift: 'Unlock',
    lifted: (name) => `${name} can sign in without waiting.`,
  },

  trash: {
    deleted: 'deleted',
    restored: (name) => `${name} is back, with all roles.`,
    purgeTitle: (name) => `Delete ${name} for good?`,
    purgeLead: 'The account cannot come back. Its id stays in what it has done, and nothing else.',
    purged: (name) => `${name} is gone for good.`,
  },

  explain: {
    UNPROCESSABLE: 'This is the last active administrator. Make somebody else one first.',
    ALREADY_EXISTS: 'Another account has this email.',
    CONFLICT: 'Records belong to this user. Delete them, or give them to somebody else, first.',
  },
};
