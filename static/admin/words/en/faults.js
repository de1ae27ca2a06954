import { formatDay, formatInstant, formatNumber } from '../../format.js';
import { count, wait } from './count.js';

/** Why a request did not succeed. */
export const faults = {
  unreachable: 'Stead cannot be reached.',
  unreachableHelp: 'Check that it runs and that this device is connected, then try again.',
  rateLimited: (seconds) => `Too many tries. Wait ${wait(seconds)}, then try again.`,
  rateLimitedSoon: 'Too many tries. Wait a little, then try again.',
  forbidden: (message) => `Your account may not do this: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
  invalid: 'This was not accepted. Nothing was changed.',
  notFound: 'This does not exist, or your account may not see it.',
  unavailable: 'Stead cannot do this at the moment. Nothing was changed.',
  internal: 'Something went wrong inside Stead. Its log has the cause under the request id.',
  unreadable: 'The answer did not come from Stead. Is something else at this address?',
};

/** A fault of one field by its code; codes that are not here show the server's own message. */
export const issues = {
  REQUIRED: () => 'Fill this in.',
  TOO_SHORT: ({ min, length }) => min && `At least ${count(min, 'character', 'characters')}${has(length)}.`,
  TOO_LONG: ({ max, length }) => max && `At most ${count(max, 'character', 'characters')}${has(length)}.`,
  TOO_SMALL: ({ min }) => min !== undefined && (isTime(min) ? `Not before ${time(min)}.` : `At least ${min}.`),
  TOO_LARGE: ({ max }) => max !== undefined && (isTime(max) ? `Not after ${time(max)}.` : `At most ${max}.`),
  NOT_AN_OPTION: ({ options }) => options && `Choose one of: ${options.join(', ')}.`,
  PATTERN_MISMATCH: ({ pattern }) => pattern && `It must have the form ${pattern}`,
  TAKEN: () => 'This is taken already. Choose another: no two may have the same.',
  NO_SUCH_RECORD: () => 'This record does not exist any more. Choose another.',
  READ_ONLY: () => 'This cannot be changed.',
};

function has(length) {
  return length === undefined ? '' : `, this has ${formatNumber(length)}`;
}

function isTime(bound) {
  return /^\d{4}-\d\d-\d\d/.test(bound);
}

function time(bound) {
  return bound.length === 10 ? formatDay(bound) : formatInstant(bound);
}
