// What this browser keeps over a reload, by keys; each value is one of JSON.

/** What is kept; null where there is nothing. */
export function readKept(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

/** Keeps it. False where the browser has no room, or no storage. */
export function keep(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** Forgets it. */
export function forget(key) {
  localStorage.removeItem(key);
}
