// How a catalogue counts. Numbers are written by the browser's locale, words by the catalogue's.

/** A function `count(n, one, other)`: `1 field`, `2 fields`, by the plural rules of `language`. */
export function counter(language) {
  const plural = new Intl.PluralRules(language);
  const number = new Intl.NumberFormat();
  return (n, one, other) => `${number.format(n)} ${plural.select(n) === 'one' ? one : other}`;
}
