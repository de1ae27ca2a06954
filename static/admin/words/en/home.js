import { formatBytes, formatNumber } from '../../format.js';
import { lasting } from './count.js';

const only = (one, other) => (n) => (n === 1 ? one : other);

/** The home screen. */
export const home = {
  title: 'Home',
  asOf: (time) => `As of ${time}`,
  unknown: '–',

  figures: {
    label: 'In this instance',
    collections: only('collection', 'collections'),
    records: only('record', 'records'),
    users: only('user', 'users'),
    sessions: only('session', 'sessions'),
  },

  traffic: {
    label: 'Requests',
    requests: 'Requests',
    errors: 'Errors',
    clientErrors: 'Refused (4xx)',
    serverErrors: 'Failed (5xx)',
    time: 'Mean time of an answer',
    perMinute: 'a minute',
    millisecond: 'ms',
    milliseconds: (value) => `${value} ms`,
    mean: 'in the last hour',
    since: (lastHour) => `since the start, ${lastHour} in the last hour`,
    errorParts: (client, server) => `since the start: ${formatNumber(client)} refused, ${formatNumber(server)} failed`,
  },

  recordCounts: {
    title: 'Records per collection',
    none: 'There is no collection yet.',
    all: (n) => `Show all ${formatNumber(n)}`,
  },

  about: {
    title: 'This instance',
    file: 'Database file',
    wal: 'Write-ahead log',
    walHelp: 'changes that are not yet in the file',
    free: 'Free within the file',
    freeHelp: 'used before it grows',
    disk: 'Free on the disk',
    memory: 'Memory',
    uptime: 'Runs for',
    lasting,
    since: (start) => `since ${start}`,
    version: 'Version',
    address: 'Address',
    docs: 'The whole API of this instance',
  },

  warningsLabel: 'What to mend',
  warnings: {
    DISK_SUSPECT: () => 'A sync to the disk has failed: the file is being checked, or is damaged. Look into the log and at the disk.',
    WRITER_DOWN: () => 'Nothing can be written. Look into the log, then start Stead again.',
    DISK_NEARLY_FULL: ({ freeBytes, totalBytes }) =>
      `The disk is nearly full: ${formatBytes(freeBytes)} of ${formatBytes(totalBytes)} are free. Make room, since nothing can be saved once it is full.`,
    WAL_LARGE: ({ walBytes }) =>
      `The write-ahead log has grown to ${formatBytes(walBytes)}, because something reads the file without an end. Close what has it open, such as a SQL shell.`,
    PLAIN_HTTP: ({ address }) =>
      `Stead listens on ${address} without HTTPS, so passwords may cross the network in the clear. Set server.tls_certificate and server.tls_key, or put a proxy with HTTPS before it and set server.public_url.`,
    COOKIES_NEVER_SECURE: () => 'Cookies go over plain HTTP, too. Set cookies.secure to "auto".',
    RATE_LIMIT_OFF: () => 'Nothing limits how often somebody asks or tries a password. Set rate_limit.enabled to true.',
    DEMO: () => 'This is a demo with made-up users and records. Keep nothing in it.',
  },

  steps: {
    title: 'Three steps to your own API',
    done: 'Done: ',
    collection: 'Make a collection',
    collectionLead: 'A collection is a table with an API of its own. Give it a name and its fields.',
    collectionAction: 'New collection',
    record: 'Add a record',
    recordLead: 'Fill in its form, as your users will by the API.',
    recordAction: (collection) => `New record of ${collection}`,
    read: 'Read it by the API',
    readLead: 'Paste these lines into a terminal. They ask for your password, sign in, and show the records.',
    close: 'Hide these steps',
  },

  own: {
    title: (name) => `Hello, ${name}`,
    lead: 'These are the collections that you may work with.',
    account: 'Your account',
    empty: 'Nothing here for you yet',
    none: 'Your account may see no collection. Ask an administrator for a role.',
    mayWrite: 'you may write',
  },
};
