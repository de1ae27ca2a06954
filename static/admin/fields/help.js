// What a field asks for, in words below its input.
import { formatDay, formatInstant, formatNumber } from '../format.js';
import { words } from '../words/index.js';

const MOST_OF_A_TEXT = 5000;

/** The description of a field and its bounds; undefined where there is nothing to say. */
export function helpOf(field) {
  return [field.description && closed(field.description), bounds(field)].filter(Boolean).join(' ') || undefined;
}

/** With a point at its end, since something follows. */
function closed(sentence) {
  return /[\p{L}\p{N})]$/u.test(sentence) ? `${sentence}.` : sentence;
}

function bounds(field) {
  const { help } = words.fields;
  const said = [
    field.type === 'text' ? lengths(field) : range(field),
    field.type === 'decimal' && help.digits(field.scale ?? 2),
    field.unique && help.unique,
    field.pattern && help.pattern(field.pattern),
  ];
  return said.filter(Boolean).join(' ');
}

// The most that every text may have is no news.
function lengths({ min, max }) {
  const most = max === MOST_OF_A_TEXT ? undefined : max;
  return between(min || undefined, most, words.fields.help.characters, formatNumber);
}

function range({ type, min, max }) {
  const write = { date: formatDay, datetime: formatInstant }[type] ?? String;
  const phrases = type === 'date' || type === 'datetime' ? words.fields.help.days : words.fields.help.numbers;
  return between(min, max, phrases, write);
}

function between(min, max, phrases, write) {
  if (min === undefined && max === undefined) return '';
  if (max === undefined) return phrases.from(write(min));
  if (min === undefined) return phrases.to(write(max));
  return phrases.between(write(min), write(max));
}
