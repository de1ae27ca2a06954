const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** What stands around all screens, and in more than one of them. */
export const frame = {
  product: 'Stead',
  title: (screen) => `${screen} · Stead`,
  skip: 'Skip to the content',
  warning: 'Warning',
  plainHttp: 'Plain HTTP: anybody on this network can read what you type.',
  offline: 'Stead cannot be reached. What was loaded stays; nothing can be saved until it is back.',
  retry: 'Try again',
  busy: 'Trying',
  loading: 'Loading',
  more: 'Show more',
  moreBusy: 'Loading more',
  save: 'Save',
  saving: 'Saving',
  saved: 'Saved.',
  cancel: 'Cancel',
  close: 'Close',
  edit: 'Edit',
  remove: 'Delete',
  removing: 'Deleting',
  add: 'Add',
  undo: 'Undo',
  undoing: 'Undoing',
  undone: 'Undone.',
  optional: 'optional',
  yes: 'Yes',
  no: 'No',
  none: 'None',
  copy: 'Copy',
  copied: 'Copied.',
  copyThis: (text) => `Copy ${text}`,
  copyByHand: 'Selected: now copy it',
  lines: 'Lines to copy',
  messages: 'Messages',
  requestId: 'Request id',
  justNow: 'just now',
  relative: (n, unit) => relative.format(n, unit),

  nav: {
    label: 'Main',
    open: 'Open the menu',
    home: 'Home',
    api: 'API',
    collections: 'Collections',
    records: 'Records',
    search: 'Find a collection',
    noneFound: 'No collection has that in its name.',
  },

  shortcuts: {
    title: 'Keyboard shortcuts',
    keys: [
      ['?', 'Show this list'],
      ['/', 'Go to the search'],
      ['Esc', 'Close what is open'],
      ['Ctrl S', 'Save'],
    ],
  },

  chart: { asTable: 'Show as table', when: 'Time' },

  unknownScreen: {
    title: 'No such page',
    lead: 'There is nothing at this address. It may have been renamed or deleted.',
    action: 'Go home',
  },

  starting: { busy: 'Loading', failed: 'This page could not be loaded' },
  signOut: { action: 'Sign out', busy: 'Signing out' },
};
