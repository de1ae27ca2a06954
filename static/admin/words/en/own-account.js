/** The account of who is signed in. */
export const ownAccount = {
  title: 'Your account',
  sessions: 'Where you are signed in',
  rights: 'What you may do',
  noRoles: 'You have no role. Ask an administrator for one.',
  profile: {
    title: 'Profile',
    nameHelp: 'How others see you.',
    avatarUrl: 'Address of your picture',
    avatarHelp: 'Where applications find it: https://…',
    saved: 'Your profile was saved.',
  },
  password: {
    title: 'Password',
    help: 'Every other session of yours ends with it, so that nobody stays signed in with the old one.',
    changed: 'Your password was changed. Your other sessions were ended.',
  },
  look: {
    title: 'Appearance',
    themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
    help: 'Kept in this browser alone.',
  },
};
