import { counter } from '../plural.js';

/** `1 field`, `2 fields` */
export const count = counter('en');

/** A waiting time in seconds, in words; long ones are rounded up to minutes. */
export function wait(seconds) {
  if (seconds < 120) return count(seconds, 'second', 'seconds');
  return count(Math.ceil(seconds / 60), 'minute', 'minutes');
}

const STEPS = [
  [86_400, 'day', 'days'],
  [3_600, 'hour', 'hours'],
  [60, 'minute', 'minutes'],
  [1, 'second', 'seconds'],
];

/** A span in seconds by its two largest parts: `3 days 4 hours`. */
export function lasting(seconds) {
  const at = Math.max(STEPS.findIndex(([length]) => seconds >= length), 0);
  const [[length, ...names], next] = seconds < 1 ? [STEPS.at(-1)] : STEPS.slice(at, at + 2);
  const whole = count(Math.floor(seconds / length), ...names);
  const rest = next && Math.floor((seconds % length) / next[0]);
  return rest ? `${whole} ${count(rest, next[1], next[2])}` : whole;
}
