import { counter } from '../plural.js';

/** `1 field`, `2 fields` */
export const count = counter('en');

/** A waiting time in seconds, in words; long ones are rounded up to minutes. */
export function wait(seconds) {
  if (seconds < 120) return count(seconds, 'second', 'seconds');
  return count(Math.ceil(seconds / 60), 'minute', 'minutes');
}
