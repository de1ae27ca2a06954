// Instants as inputs have them, in the reader's own time zone, and as the API has them, in UTC.

/** `2026-01-15T10:30:00.000Z` as an `<input type="datetime-local">` holds it; what is zero is left out. */
export function toLocal(instant) {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return '';
  const two = (number) => String(number).padStart(2, '0');
  const day = `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const milliseconds = at.getMilliseconds() ? `.${String(at.getMilliseconds()).padStart(3, '0')}` : '';
  const seconds = at.getSeconds() || milliseconds ? `:${two(at.getSeconds())}${milliseconds}` : '';
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}${seconds}`;
}

/** The instant that a local time names; null where it names none. */
export function toInstant(local) {
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

/** What the reader's time zone is called. */
export const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
