import { formatNumber } from '../../format.js';
import { count, wait } from './count.js';

/** Why a request did not succeed. */
export const faults = {
  unreachable: 'Stead cannot be reached.',
  unreachableHelp: 'Check that it runs and that this device is connected, then try again.',
  rateLimited: (seconds) => `Too many tries. Wait ${wait(seconds)}, then try again.`,
  rateLimitedSoon: 'Too many tries. Wait a little, then try again.',
  forbidden: (message) => `Your account may not do this: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
  notFound: 'This does not exist, or your account may not see it.',
  unavailable: 'Stead cannot do this at the moment. Nothing was changed.',
  internal: 'Something went wrong inside Stead. Its log has the cause under the request id.',
  unreadable: 'The answer did not come from Stead. Is something else at this address?',
};

/** A fault of one field by its code; codes that are not here show the server's own message. */
export const issues = {
  REQUIRED: () => 'Fill this in.',
  TAKEN: () => 'This is taken already.',
  TOO_SHORT: ({ min, actual }) => min && `At least ${count(min, 'character', 'characters')}${has(actual)}.`,
  TOO_LONG: ({ max, actual }) => max && `At most ${count(max, 'character', 'characters')}${has(actual)}.`,
};

function has(actual) {
  return actual === undefined ? '' : `, this has ${formatNumber(actual)}`;
}
