// Every text of the page, in English. A second language is a second catalogue of the same shape.

const plural = new Intl.PluralRules('en');
const number = new Intl.NumberFormat('en');

function count(n, one, other) {
  return `${number.format(n)} ${plural.select(n) === 'one' ? one : other}`;
}

/** A waiting time in seconds, in words; long ones are rounded up to minutes. */
function wait(seconds) {
  if (seconds < 120) return count(seconds, 'second', 'seconds');
  return count(Math.ceil(seconds / 60), 'minute', 'minutes');
}

export const words = {
  product: 'Stead',
  title: (screen) => `${screen} · Stead`,
  skip: 'Skip to the content',
  plainHttp: 'Plain HTTP: anybody on this network can read what you type.',
  retry: 'Try again',
  copy: 'Copy',
  copied: 'Copied',
  copyByHand: 'Selected: now copy it',
  requestId: 'Request id',

  starting: { busy: 'Loading', failed: 'This page could not be loaded' },

  account: {
    email: 'Email',
    displayName: 'Name',
    displayNameHelp: 'How others see you. You can change it later.',
    password: 'Password',
    newPassword: 'New password',
    currentPassword: 'Current password',
    passwordHelp: 'At least 8 characters.',
    show: 'Show',
    hide: 'Hide',
    showLabel: (field) => `Show ${field.toLowerCase()}`,
    hideLabel: (field) => `Hide ${field.toLowerCase()}`,
  },

  setup: {
    title: 'Set up Stead',
    lead: 'Make the first account. It is the administrator of this instance.',
    submit: 'Create account',
    busy: 'Creating account',
    badLink: 'This link is wrong or too old. Restart Stead to get a new one.',
    alreadyDone: 'This instance is already set up. Sign in instead.',
    doneButGuest: 'The account is there. Sign in with it.',
  },

  signIn: {
    title: 'Sign in',
    submit: 'Sign in',
    busy: 'Signing in',
    wrong: 'Email and password do not match.',
    ended: 'Your session has ended. Sign in to go on where you were.',
    signedOut: 'You are signed out.',
    firstTime: 'New instance? Open the setup link that Stead showed when it started.',
  },

  changePassword: {
    title: 'Choose a new password',
    lead: 'Your password was set by somebody else. Choose your own to go on.',
    submit: 'Change password',
    busy: 'Changing password',
    wrong: 'This is not your current password.',
  },

  signOut: { action: 'Sign out', busy: 'Signing out' },

  collections: {
    title: 'Collections',
    busy: 'Loading collections',
    total: (n) => count(n, 'collection', 'collections'),
    fields: (n) => count(n, 'field', 'fields'),
    more: 'Show more',
    moreBusy: 'Loading more',
    empty: 'No collections yet',
    emptyLead: 'A collection is a table with an API of its own. Make the first one from a terminal:',
    emptyThen: 'Then load this list again.',
    reload: 'Load again',
    yourPassword: 'YOUR PASSWORD',
    notAllowed: 'Your account may not see the collections. Ask an administrator for a role that allows it.',
  },

  faults: {
    unreachable: 'Stead cannot be reached.',
    unreachableHelp: 'Check that it runs and that this device is connected, then try again.',
    rateLimited: (seconds) => `Too many tries. Wait ${wait(seconds)}, then try again.`,
    rateLimitedSoon: 'Too many tries. Wait a little, then try again.',
    unavailable: 'Stead cannot do this at the moment. Nothing was changed.',
    internal: 'Something went wrong inside Stead. Its log has the cause under the request id.',
    unreadable: 'The answer did not come from Stead. Is something else at this address?',
  },

  /** A fault of one field by its code; codes that are not here show the server's own message. */
  issues: {
    REQUIRED: () => 'Fill this in.',
    TOO_SHORT: ({ min, actual }) => min && `At least ${count(min, 'character', 'characters')}${has(actual)}.`,
    TOO_LONG: ({ max, actual }) => max && `At most ${count(max, 'character', 'characters')}${has(actual)}.`,
  },
};

function has(actual) {
  return actual === undefined ? '' : `, this has ${number.format(actual)}`;
}
