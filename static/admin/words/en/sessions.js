import { count } from './count.js';

/** Where somebody is signed in. */
export const sessions = {
  device: (program, system) => [program ?? 'Unknown program', system && `on ${system}`].filter(Boolean).join(' '),
  current: 'this one',
  used: 'Used',
  since: 'Signed in',
  none: 'Signed in nowhere.',
  total: (n) => count(n, 'session', 'sessions'),
  end: 'End',
  ending: 'Ending',
  ended: 'The session was ended.',
  endOf: (device, address) => `End the session of ${device}, ${address}`,
  endTitle: 'End this session?',
  endLead: (device) => `${device} is signed out at once. What is not saved there is lost.`,
  endAll: 'End all sessions',
  endAllOf: (name) => `End all sessions of ${name}?`,
  endAllLead: 'Every device is signed out at once. What is not saved there is lost.',
  allEnded: 'All sessions were ended.',
  endOthers: 'End all other sessions',
  endOthersLead: 'Every device but this one is signed out at once. What is not saved there is lost.',
  othersEnded: 'All other sessions were ended.',
};
