// A letter that looks like a digit is in nobody's way here: 32 that do not, so each byte gives one.
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const OF_GROUP = 5;

/** A password of 100 random bits, in groups that can be read aloud. */
export function newPassword() {
  const bytes = crypto.getRandomValues(new Uint8Array(GROUPS * OF_GROUP));
  const letters = Array.from(bytes, (byte) => LETTERS[byte % LETTERS.length]).join('');
  return letters.match(new RegExp(`.{${OF_GROUP}}`, 'g')).join('-');
}
