// Numbers, dates and sizes as the browser's locale writes them.

const number = new Intl.NumberFormat();
const instant = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });
const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });

/** `1,234` */
export const formatNumber = (value) => number.format(value);

/** An instant of the API, in the reader's own time zone. */
export const formatInstant = (text) => instant.format(new Date(text));

/** Its time of the day alone. */
export const formatTime = (text) => time.format(new Date(text));

/** A `date` of the API, which has no zone. */
export const formatDay = (text) => day.format(new Date(`${text}T00:00:00Z`));

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];

/** `12.5 MB`: by thousands, as disks are sold. */
export function formatBytes(bytes) {
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1);
  const format = new Intl.NumberFormat(undefined, {
    style: 'unit',
    unit: UNITS[power],
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: power === 0 ? 0 : 1,
  });
  return format.format(bytes / 1000 ** power);
}

/**
 * Digits as records have them, with nothing rounded: a number, or the text of a decimal or of an
 * integer beyond 2^53. Four digits stay together, since they may be a year.
 */
export function formatDigits(value) {
  const digits = String(value).split('.')[1]?.length ?? 0;
  if (!Number.isFinite(Number(value)) || digits > 20 || String(value).includes('e')) return String(value);
  // A text is written digit by digit; as a number it would be cut to a double.
  return new Intl.NumberFormat(undefined, { useGrouping: 'min2', minimumFractionDigits: digits }).format(String(value));
}
