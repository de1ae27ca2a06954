/** The screens before the work begins. */
export const gates = {
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
    wrong: 'Email and password do not match. Mind capital letters.',
    disabled: 'This account is disabled. Ask an administrator to let you in again.',
    noCookies: 'Your browser did not keep the sign-in, because this page came over plain HTTP or cookies are blocked. Open it over HTTPS, or allow cookies for it.',
    ended: 'Your session has ended. Sign in to go on where you were.',
    signedOut: 'You are signed out.',
    firstTime: 'New instance? Open the setup link that Stead showed when it started.',
  },

  changePassword: {
    title: 'Choose a new password',
    lead: 'Somebody else has set your password, and knows it. Choose one of your own to go on.',
    submit: 'Change password',
    busy: 'Changing password',
    wrong: 'This is not your current password.',
  },
};
