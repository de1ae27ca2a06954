import { count } from './count.js';

/** The settings of the instance. */
export const settings = {
  title: 'Settings',
  lead: 'What this instance runs with. Settings are read when Stead starts, so a change counts from the next start.',
  search: 'Name or purpose',
  onlyChanged: 'Only what differs from the default',
  none: 'No setting fits',
  noneLead: 'No name and no purpose has all these words, or nothing differs from its default.',
  total: (n, all) => (n === all ? count(n, 'setting', 'settings') : `${n} of ${count(all, 'setting', 'settings')}`),

  sections: {
    '': 'The instance',
    server: 'listening, proxies, bodies',
    storage: 'the file and its memory',
    auth: 'tokens, sessions, passwords',
    cookies: 'the cookies that sign in',
    cors: 'pages of other origins',
    rate_limit: 'how often one may ask',
    log: 'what is logged',
  },

  masked: 'hidden',
  isDefault: 'default',
  differs: 'changed',
  defaultIs: 'Default',
  mustBe: (limits) => `Must be ${limits}`,
  line: (file, line) => `${file}, line ${line}`,
  sources: {
    default: () => 'Nobody has set it',
    file: (place) => `From ${place}`,
    variable: (name) => `From the environment: ${name}`,
    credential: (place) => `From a credential: ${place}`,
    flag: (name) => `From the command line: ${name}`,
  },
  fixedBy: {
    data_dir: 'No configuration file can change it.',
    variable: 'The environment goes before the file: a line there changes nothing.',
    credential: 'The credential goes before the file: a line there changes nothing.',
    flag: 'The command line goes before all else.',
    other: 'No configuration file can change it.',
  },

  howTo: 'How to change it',
  howToOf: (section, key) => `(${[section, key].filter(Boolean).join('.')})`,
  inFile: (file) => `In ${file}, with the value that you want:`,
  noFile: 'It cannot stand in a configuration file.',
  inEnvironment: 'Or in the environment, which goes before the file:',
  fileLabel: (key) => `Lines for config.toml: ${key}`,
  variableLabel: (name) => `Environment variable ${name}`,
  readAtStart: 'Then start Stead again. What is out of range it refuses and names; stead config check tells before.',
};
