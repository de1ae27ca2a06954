/** One's own account, and what all accounts have. */
export const account = {
  email: 'Email',
  displayName: 'Name',
  displayNameHelp: 'How others see you. You can change it later.',
  password: 'Password',
  newPassword: 'New password',
  currentPassword: 'Current password',
  passwordHelp: 'At least 8 characters.',
  capsLock: 'Caps Lock is on.',
  show: 'Show',
  hide: 'Hide',
  showLabel: (field) => `Show ${field.toLowerCase()}`,
  hideLabel: (field) => `Hide ${field.toLowerCase()}`,
};
